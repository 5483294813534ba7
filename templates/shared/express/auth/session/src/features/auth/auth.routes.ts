import { z } from "zod";
import { type Endpoint, endpoint } from "../../http/endpoint.ts";
import { clientOf } from "../../http/request.ts";
import { accountEndpoints } from "../accounts/accounts.routes.ts";
import { LogIn, toAnswer, UserAnswer } from "../accounts/accounts.schema.ts";
import type { AccountService } from "../accounts/accounts.service.ts";
import type { AuthService } from "./auth.service.ts";
import type { Cookies } from "./cookies.ts";

/** Sign up, and in by a session cookie. */
export function authEndpoints(
  accounts: AccountService,
  service: AuthService,
  cookies: Cookies,
): Endpoint[] {
  const tag = "auth";

  const csrf = endpoint({
    method: "get",
    path: "/api/v1/auth/csrf",
    summary: "Get the token that state-changing requests must carry",
    tag,
    access: "public",
    answers: { 200: { description: "The token", schema: z.object({ csrfToken: z.string() }) } },
    handle(_input, req, res) {
      res.json({ csrfToken: cookies.csrfToken(req, res) });
    },
  });

  const logIn = endpoint({
    method: "post",
    path: "/api/v1/auth/login",
    summary: "Begin a session",
    tag,
    access: "public",
    body: LogIn,
    answers: { 200: { description: "The account, and a session cookie", schema: UserAnswer } },
    problems: ["unauthenticated"],
    async handle({ body: { email, password } }, req, res) {
      const old = cookies.session(req);
      const { user, cookie } = await service.logIn(email, password, clientOf(req), old);
      cookies.setSession(req, res, cookie, service.lifeMs);
      res.json(toAnswer(user));
    },
  });

  const logOut = endpoint({
    method: "post",
    path: "/api/v1/auth/logout",
    summary: "End this session",
    tag,
    access: "user",
    answers: { 204: { description: "Ended" } },
    async handle({ caller }, req, res) {
      await service.logOut(caller.sessionId);
      cookies.setSession(req, res, "", 0);
      res.status(204).end();
    },
  });

  const shared = accountEndpoints(accounts, (req, res) => cookies.setSession(req, res, "", 0));
  return [...shared, csrf, logIn, logOut];
}
