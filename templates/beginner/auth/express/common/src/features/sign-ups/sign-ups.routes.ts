import { Router } from "express";
import { z } from "zod";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { SignUp } from "../accounts/accounts.schema.ts";
import { userAgentOf } from "../events/events.service.ts";
import * as service from "./sign-ups.service.ts";

export const Email = SignUp.pick({ email: true });
export const MailedToken = z.strictObject({ token: z.string().max(200) });

export const signUpsRouter = Router({ caseSensitive: true });

signUpsRouter
  .route("/signup")
  .all(allowedMethods)
  .post(json, validate({ body: SignUp }), async (req, res) => {
    await service.requestAccount(req.body);
    res.status(202).end();
  });

signUpsRouter
  .route("/verify-email")
  .all(allowedMethods)
  .post(json, validate({ body: MailedToken }), async (req, res) => {
    await service.verifyAddress(req.body.token, userAgentOf(req));
    res.status(204).end();
  });

signUpsRouter
  .route("/verify-email/resend")
  .all(allowedMethods)
  .post(json, validate({ body: Email }), async (req, res) => {
    await service.resendMail(req.body.email);
    res.status(202).end();
  });

const verify = "/api/v1/auth/verify-email";
describeRoute("post /api/v1/auth/signup", "Ask for an account", { body: SignUp }, 202);
describeRoute(`post ${verify}`, "Prove the address", { body: MailedToken }, 204);
describeRoute(`post ${verify}/resend`, "Ask for another mail", { body: Email }, 202);
