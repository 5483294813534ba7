import { Router } from "express";
import { z } from "zod";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { AccountDeletion, PasswordChange, SignUp } from "../accounts/accounts.schema.ts";
import { requireUser, security } from "../auth/require-user.ts";
import { userAgentOf } from "../events/events.service.ts";
import { Email, MailedToken } from "../sign-ups/sign-ups.routes.ts";
import * as service from "./recovery.service.ts";

const { newPassword } = PasswordChange.shape;
const PasswordReset = z.strictObject({ ...MailedToken.shape, newPassword });
const EmailChange = z.strictObject({ ...AccountDeletion.shape, newEmail: SignUp.shape.email });

export const recoveryRouter = Router({ caseSensitive: true });

recoveryRouter
  .route("/forgot-password")
  .all(allowedMethods)
  .post(json, validate({ body: Email }), async (req, res) => {
    await service.forgotPassword(req.body.email);
    res.status(202).end();
  });

recoveryRouter
  .route("/reset-password")
  .all(allowedMethods)
  .post(json, validate({ body: PasswordReset }), async (req, res) => {
    const { token, newPassword } = req.body;
    await service.resetPassword(token, newPassword, userAgentOf(req));
    res.status(204).end();
  });

recoveryRouter
  .route("/email")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: EmailChange }), async (req, res) => {
    const { newEmail, password } = req.body;
    await service.requestAddress(req.user.id, newEmail, password);
    res.status(202).end();
  });

recoveryRouter
  .route("/email/confirm")
  .all(allowedMethods)
  .post(json, validate({ body: MailedToken }), async (req, res) => {
    await service.confirmAddress(req.body.token, userAgentOf(req));
    res.status(204).end();
  });

const auth = "/api/v1/auth";
describeRoute(`post ${auth}/forgot-password`, "Ask for a new password", { body: Email }, 202);
describeRoute(`post ${auth}/reset-password`, "Set it", { body: PasswordReset }, 204);
const change = { security, body: EmailChange };
describeRoute(`post ${auth}/email`, "Ask for another address", change, 202);
describeRoute(`post ${auth}/email/confirm`, "Prove it", { body: MailedToken }, 204);
