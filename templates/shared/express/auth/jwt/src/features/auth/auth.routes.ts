import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { deleteSession } from "../accounts/accounts.repository.ts";
import { accountsRouter } from "../accounts/accounts.routes.ts";
import { requireUser, security } from "./require-user.ts";
import { rotateTokens, TokenPair } from "./token-rotation.ts";

const Refresh = TokenPair.pick({ refreshToken: true }).strict();

export const authRouter = Router({ caseSensitive: true }).use(accountsRouter);

authRouter
  .route("/refresh")
  .all(allowedMethods)
  .post(json, validate({ body: Refresh }), async (req, res) => {
    res.json(await rotateTokens(req.body.refreshToken));
  });

authRouter
  .route("/logout")
  .all(allowedMethods, requireUser)
  .post(async (req, res) => {
    await deleteSession(req.user.sessionId);
    res.status(204).end();
  });

describeRoute("post /api/v1/auth/refresh", "Get new tokens", { body: Refresh }, 200, TokenPair);
describeRoute("post /api/v1/auth/logout", "End this session", { security }, 204);
