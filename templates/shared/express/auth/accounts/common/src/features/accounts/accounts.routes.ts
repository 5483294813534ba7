import type { Request, Response } from "express";
import { type Endpoint, endpoint } from "../../http/endpoint.ts";
import {
  AccountDeletion,
  PasswordChange,
  SignUp,
  toAnswer,
  UserAnswer,
} from "./accounts.schema.ts";
import type { AccountService } from "./accounts.service.ts";

/** What is the same however a client shows who it is. `signedOut` clears what the client holds. */
export function accountEndpoints(
  accounts: AccountService,
  signedOut: (req: Request, res: Response) => void = () => undefined,
): Endpoint[] {
  const tag = "auth";
  return [
    endpoint({
      method: "post",
      path: "/api/v1/auth/signup",
      summary: "Make an account",
      tag,
      access: "public",
      body: SignUp,
      answers: { 201: { description: "The account, not signed in", schema: UserAnswer } },
      problems: ["conflict"],
      async handle({ body }, _req, res) {
        res.status(201).json(toAnswer(await accounts.signUp(body)));
      },
    }),

    endpoint({
      method: "get",
      path: "/api/v1/auth/me",
      summary: "Read the own account",
      tag,
      access: "user",
      answers: { 200: { description: "The account", schema: UserAnswer } },
      async handle({ caller }, _req, res) {
        res.json(toAnswer(await accounts.get(caller.userId)));
      },
    }),

    endpoint({
      method: "post",
      path: "/api/v1/auth/password",
      summary: "Change the password and end all other sessions",
      tag,
      access: "user",
      body: PasswordChange,
      answers: { 204: { description: "Changed" } },
      problems: ["wrong-password"],
      async handle({ caller, body }, _req, res) {
        await accounts.changePassword(caller, body);
        res.status(204).end();
      },
    }),

    endpoint({
      method: "delete",
      path: "/api/v1/auth/me",
      summary: "Delete the account and all that belongs to it",
      tag,
      access: "user",
      body: AccountDeletion,
      answers: { 204: { description: "Deleted" } },
      problems: ["wrong-password"],
      async handle({ caller, body }, req, res) {
        await accounts.delete(caller.userId, body.password);
        signedOut(req, res);
        res.status(204).end();
      },
    }),
  ];
}
