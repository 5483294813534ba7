import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { clientOf } from "../../http/rate-limit.ts";
import { validate } from "../../http/validate.ts";
import * as auth from "../auth/require-user.ts";
import { recordEvent, userAgentOf } from "../events/events.service.ts";
import { deleteTokens } from "../recovery/mail-tokens.repository.ts";
import { see } from "../sessions/devices.repository.ts";
import { MemberResponse, toResponse } from "../users/users.schema.ts";
import { getMember } from "../users/users.service.ts";
import { AccountDeletion, LogIn, PasswordChange } from "./accounts.schema.ts";
import { changePassword, deleteAccount } from "./accounts.service.ts";
import { assertStillAllowed, findForLogIn } from "./log-in.ts";

export const accountsRouter = Router({ caseSensitive: true });

accountsRouter
  .route("/login")
  .all(allowedMethods)
  .post(json, validate({ body: LogIn }), async (req, res) => {
    const user = await findForLogIn(req.body, clientOf(req));
    const response = await auth.startSession(req, res, toResponse(await getMember(user.id)));
    await assertStillAllowed(user, req.user.sessionId);
    await see(req.user.sessionId, new Date(), userAgentOf(req));
    await recordEvent(user.id, "logged-in", userAgentOf(req));
    res.json(response);
  });

accountsRouter
  .route("/me")
  .all(allowedMethods, auth.requireUser)
  .get(async (req, res) => void res.json(toResponse(await getMember(req.user.id))))
  .delete(json, validate({ body: AccountDeletion }), async (req, res) => {
    await deleteAccount(req.user.id, req.body.password);
    res.status(204).end();
  });

accountsRouter
  .route("/password")
  .all(allowedMethods, auth.requireUser)
  .post(json, validate({ body: PasswordChange }), async (req, res) => {
    const { id } = req.user;
    const user = await changePassword(id, req.body);
    await deleteTokens(id);
    await auth.endOtherSessions(req, res);
    await assertStillAllowed(user, req.user.sessionId);
    await see(req.user.sessionId, new Date(), userAgentOf(req));
    await recordEvent(id, "password-changed", userAgentOf(req));
    res.status(204).end();
  });

const { logInResponse, security } = auth;
const LoggedIn = logInResponse(MemberResponse);
describeRoute("post /api/v1/auth/login", "Log in", { body: LogIn }, 200, LoggedIn);
const me = "/api/v1/auth/me";
describeRoute(`get ${me}`, "Read the own account", { security }, 200, MemberResponse);
describeRoute(`delete ${me}`, "Delete the account", { security, body: AccountDeletion }, 204);
const change = { security, body: PasswordChange };
describeRoute("post /api/v1/auth/password", "Set the password", change, 204);
