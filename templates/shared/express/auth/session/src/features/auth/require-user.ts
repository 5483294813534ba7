import type { RequestHandler } from "express";
import createError, { type HttpError } from "http-errors";
import { registry } from "../../http/openapi.ts";
import { readCookies, requireCsrfToken, SESSION_COOKIE, sessionCookie } from "./csrf.ts";
import { readSession } from "./sessions.ts";

export { endOtherSessions, logInResponse, startSession } from "./sessions.ts";

declare global {
  namespace Express {
    interface Request {
      /** Set by `requireUser`. */
      user: { id: string; sessionId: string };
    }
  }
}

const scheme = { type: "apiKey", in: "cookie", name: SESSION_COOKIE } as const;
registry.registerComponent("securitySchemes", "session", scheme);
/** For the OpenAPI description of routes behind `requireUser`. */
export const security = [{ session: [] }];

const readUser: RequestHandler = async (req, _res, next) => {
  const session = await readSession(sessionCookie(req));
  if (!session) throw unauthenticated("Please log in.");
  req.user = { id: session.userId, sessionId: session.id };
  next();
};

/** Expects the cookie of a session and, for requests that change something, its CSRF token. */
export const requireUser = [readCookies, requireCsrfToken, readUser];

export function unauthenticated(detail: string): HttpError {
  return createError(401, detail);
}
