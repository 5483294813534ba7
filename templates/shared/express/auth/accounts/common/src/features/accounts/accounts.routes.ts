import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { clientOf } from "../../http/rate-limit.ts";
import { validate } from "../../http/validate.ts";
import * as auth from "../auth/require-user.ts";
import * as schema from "./accounts.schema.ts";
import * as service from "./accounts.service.ts";

/** What is the same for every way of signing in. */
export const accountsRouter = Router({ caseSensitive: true });

accountsRouter
  .route("/signup")
  .all(allowedMethods)
  .post(json, validate({ body: schema.SignUp }), async (req, res) => {
    res.status(201).json(schema.toResponse(await service.signUp(req.body)));
  });

accountsRouter
  .route("/login")
  .all(allowedMethods)
  .post(json, validate({ body: schema.LogIn }), async (req, res) => {
    const user = await service.checkCredentials(req.body, clientOf(req));
    res.json(await auth.startSession(req, res, schema.toResponse(user)));
  });

accountsRouter
  .route("/me")
  .all(allowedMethods, auth.requireUser)
  .get(async (req, res) => {
    res.json(schema.toResponse(await service.getAccount(req.user.id)));
  })
  .delete(json, validate({ body: schema.AccountDeletion }), async (req, res) => {
    await service.deleteAccount(req.user.id, req.body.password);
    res.status(204).end();
  });

accountsRouter
  .route("/password")
  .all(allowedMethods, auth.requireUser)
  .post(json, validate({ body: schema.PasswordChange }), async (req, res) => {
    await service.changePassword(req.user.id, req.body);
    await auth.endOtherSessions(req, res);
    res.status(204).end();
  });

const base = "/api/v1/auth";
const { logInResponse, security } = auth;
const { AccountDeletion, LogIn, PasswordChange, SignUp, UserResponse } = schema;
describeRoute(`post ${base}/signup`, "Make an account", { body: SignUp }, 201, UserResponse);
describeRoute(`post ${base}/login`, "Log in", { body: LogIn }, 200, logInResponse(UserResponse));
describeRoute(`get ${base}/me`, "Read your account", { security }, 200, UserResponse);
describeRoute(`delete ${base}/me`, "Delete the account", { security, body: AccountDeletion }, 204);
describeRoute(`post ${base}/password`, "Set the password", { security, body: PasswordChange }, 204);
