import cookieParser from "cookie-parser";
import { Router } from "express";
import { z } from "zod";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { clientOf } from "../../http/rate-limit.ts";
import { validate } from "../../http/validate.ts";
import { deleteSession } from "../accounts/accounts.repository.ts";
import { accountsRouter } from "../accounts/accounts.routes.ts";
import { LogIn, toResponse, UserResponse } from "../accounts/accounts.schema.ts";
import { checkCredentials } from "../accounts/accounts.service.ts";
import { csrfToken, requireCsrfToken, sessionCookie, setSessionCookie } from "./csrf.ts";
import { requireUser, security } from "./require-user.ts";
import { readSession, SESSION_MS, startSession } from "./sessions.ts";

const CsrfToken = z.object({ csrfToken: z.string() });

export const authRouter = Router({ caseSensitive: true });
authRouter.use(cookieParser(), requireCsrfToken);
authRouter.use(accountsRouter);

authRouter
  .route("/csrf")
  .all(allowedMethods)
  .get((req, res) => void res.json({ csrfToken: csrfToken(req, res) }));

authRouter
  .route("/login")
  .all(allowedMethods)
  .post(json, validate({ body: LogIn }), async (req, res) => {
    const user = await checkCredentials(req.body, clientOf(req));
    // Always a new session: one that an attacker planted in the browser before stays worthless.
    const old = await readSession(sessionCookie(req));
    if (old) await deleteSession(old.id);
    setSessionCookie(req, res, await startSession(user.id), SESSION_MS);
    res.json(toResponse(user));
  });

authRouter
  .route("/logout")
  .all(allowedMethods, requireUser)
  .post(async (req, res) => {
    await deleteSession(req.user.sessionId);
    setSessionCookie(req, res, "", 0);
    res.status(204).end();
  });

const auth = "/api/v1/auth";
describeRoute(`get ${auth}/csrf`, "Get the CSRF token", {}, 200, CsrfToken);
describeRoute(`post ${auth}/login`, "Log in", { body: LogIn }, 200, UserResponse);
describeRoute(`post ${auth}/logout`, "End this session", { security }, 204);
