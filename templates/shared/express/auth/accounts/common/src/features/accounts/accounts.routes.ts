import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { requireUser, security } from "../auth/require-user.ts";
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
  .route("/me")
  .all(allowedMethods, requireUser)
  .get(async (req, res) => {
    res.json(schema.toResponse(await service.getAccount(req.user.id)));
  })
  .delete(json, validate({ body: schema.AccountDeletion }), async (req, res) => {
    await service.deleteAccount(req.user.id, req.body.password);
    res.status(204).end();
  });

accountsRouter
  .route("/password")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: schema.PasswordChange }), async (req, res) => {
    await service.changePassword(req.user, req.body);
    res.status(204).end();
  });

const auth = "/api/v1/auth";
const { UserResponse } = schema;
const account = { body: schema.SignUp };
const deletion = { security, body: schema.AccountDeletion };
const change = { security, body: schema.PasswordChange };
describeRoute(`post ${auth}/signup`, "Make an account", account, 201, UserResponse);
describeRoute(`get ${auth}/me`, "Read the own account", { security }, 200, UserResponse);
describeRoute(`delete ${auth}/me`, "Delete the account", deletion, 204);
describeRoute(`post ${auth}/password`, "Change the password", change, 204);
