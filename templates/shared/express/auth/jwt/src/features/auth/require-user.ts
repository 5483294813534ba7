import type { RequestHandler } from "express";
import createError, { type HttpError } from "http-errors";
import { registry } from "../../http/openapi.ts";
import { findSession } from "../accounts/accounts.repository.ts";
import { verifyToken } from "./tokens.ts";

export { endOtherSessions, logInResponse, startSession } from "./token-rotation.ts";

declare global {
  namespace Express {
    interface Request {
      /** Set by `requireUser`. */
      user: { id: string; sessionId: string };
    }
  }
}

registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
/** For the OpenAPI description of routes behind `requireUser`. */
export const security = [{ bearer: [] }];

/**
 * Expects `Authorization: Bearer <access token>`. The session is looked up each time, so that a log-out takes effect at
 * once. No CSRF token is needed: a browser never adds this header to a request by itself.
 */
export const requireUser: RequestHandler = async (req, _res, next) => {
  const token = /^Bearer +([\w.-]+)$/i.exec(req.get("Authorization") ?? "")?.[1];
  const claims = token && (await verifyToken("access", token));
  const session = claims && (await findSession(claims.sessionId));
  if (!session || session.userId !== claims.userId) {
    throw unauthenticated("A valid access token is required.");
  }
  req.user = { id: session.userId, sessionId: session.id };
  next();
};

export function unauthenticated(detail: string): HttpError {
  return createError(401, detail, { headers: { "WWW-Authenticate": "Bearer" } });
}
