import { z } from "zod";
import { type Endpoint, endpoint } from "../../http/endpoint.ts";
import { clientOf } from "../../http/request.ts";
import { accountEndpoints } from "../accounts/accounts.routes.ts";
import { LogIn } from "../accounts/accounts.schema.ts";
import type { AccountService } from "../accounts/accounts.service.ts";
import type { AuthService } from "./auth.service.ts";

const TokenPair = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int(),
});

const Refresh = z.strictObject({ refreshToken: z.string() });

/** Sign up, and in by tokens. */
export function authEndpoints(accounts: AccountService, service: AuthService): Endpoint[] {
  const shared = { method: "post", tag: "auth" } as const;

  const logIn = endpoint({
    ...shared,
    path: "/api/v1/auth/login",
    summary: "Exchange address and password for tokens",
    access: "public",
    body: LogIn,
    answers: { 200: { description: "The tokens", schema: TokenPair } },
    problems: ["unauthenticated"],
    async handle({ body }, req, res) {
      res.json(await service.logIn(body.email, body.password, clientOf(req)));
    },
  });

  const refresh = endpoint({
    ...shared,
    path: "/api/v1/auth/refresh",
    summary: "Exchange a refresh token for new tokens",
    access: "public",
    body: Refresh,
    answers: { 200: { description: "The new tokens", schema: TokenPair } },
    problems: ["unauthenticated"],
    async handle({ body }, _req, res) {
      res.json(await service.refresh(body.refreshToken));
    },
  });

  const logOut = endpoint({
    ...shared,
    path: "/api/v1/auth/logout",
    summary: "End this session, its tokens included",
    access: "user",
    answers: { 204: { description: "Ended" } },
    async handle({ caller }, _req, res) {
      await service.logOut(caller.sessionId);
      res.status(204).end();
    },
  });

  return [...accountEndpoints(accounts), logIn, refresh, logOut];
}
