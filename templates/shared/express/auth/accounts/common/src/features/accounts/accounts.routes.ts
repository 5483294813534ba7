import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { requireUser, security } from "../auth/require-user.ts";
import {
  AccountDeletion,
  PasswordChange,
  SignUp,
  toResponse,
  UserResponse,
} from "./accounts.schema.ts";
import * as service from "./accounts.service.ts";

/** What is the same for every way of signing in. */
export const accountsRouter = Router();

accountsRouter
  .route("/signup")
  .all(allowedMethods)
  .post(json, validate({ body: SignUp }), async (req, res) => {
    res.status(201).json(toResponse(await service.signUp(req.body)));
  });

accountsRouter
  .route("/me")
  .all(allowedMethods, requireUser)
  .get(async (req, res) => {
    res.json(toResponse(await service.getAccount(req.user.id)));
  })
  .delete(json, validate({ body: AccountDeletion }), async (req, res) => {
    await service.deleteAccount(req.user.id, req.body.password);
    res.status(204).end();
  });

accountsRouter
  .route("/password")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: PasswordChange }), async (req, res) => {
    await service.changePassword(req.user, req.body);
    res.status(204).end();
  });

const auth = "/api/v1/auth";
describeRoute(`post ${auth}/signup`, "Make an account", { body: SignUp }, 201, UserResponse);
describeRoute(`get ${auth}/me`, "Read the own account", { security }, 200, UserResponse);
describeRoute(`delete ${auth}/me`, "Delete the account", { security, body: AccountDeletion }, 204);
describeRoute(`post ${auth}/password`, "Change password", { security, body: PasswordChange }, 204);
