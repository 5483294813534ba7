import { Router } from "express";
import { z } from "zod";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { deleteSession } from "../accounts/accounts.repository.ts";
import { accountsRouter } from "../accounts/accounts.routes.ts";
import { csrfToken, readCookies, requireCsrfToken, setSessionCookie } from "./csrf.ts";
import { requireUser, security } from "./require-user.ts";

const CsrfToken = z.object({ csrfToken: z.string() });

export const authRouter = Router({ caseSensitive: true });
authRouter.use(readCookies, requireCsrfToken);
authRouter.use(accountsRouter);

authRouter
  .route("/csrf")
  .all(allowedMethods)
  .get((req, res) => void res.json({ csrfToken: csrfToken(req, res) }));

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
describeRoute(`post ${auth}/logout`, "End this session", { security }, 204);
