import { Router } from "express";
import { z } from "zod";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { clientOf } from "../../http/rate-limit.ts";
import { validate } from "../../http/validate.ts";
import { deleteSession } from "../accounts/accounts.repository.ts";
import { accountsRouter } from "../accounts/accounts.routes.ts";
import { LogIn } from "../accounts/accounts.schema.ts";
import { checkCredentials } from "../accounts/accounts.service.ts";
import { requireUser, security } from "./require-user.ts";
import { rotateTokens, startSession } from "./token-rotation.ts";

const token = z.string();
const TokenPair = z.object({
  accessToken: token,
  refreshToken: token,
  tokenType: z.literal("Bearer"),
  expiresIn: z.int(),
});
const Refresh = z.strictObject({ refreshToken: token });

export const authRouter = Router({ caseSensitive: true });
authRouter.use(accountsRouter);

authRouter
  .route("/login")
  .all(allowedMethods)
  .post(json, validate({ body: LogIn }), async (req, res) => {
    const user = await checkCredentials(req.body, clientOf(req));
    res.json(await startSession(user.id));
  });

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

const auth = "/api/v1/auth";
describeRoute(`post ${auth}/login`, "Log in", { body: LogIn }, 200, TokenPair);
describeRoute(`post ${auth}/refresh`, "Get new tokens", { body: Refresh }, 200, TokenPair);
describeRoute(`post ${auth}/logout`, "End this session", { security }, 204);
