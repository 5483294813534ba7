import type { RequestHandler } from "express";
import { LOCAL_USER } from "./example-user.ts";

declare global {
  namespace Express {
    interface Request {
      /** Set by `requireUser`. */
      user: { id: string };
    }
  }
}

/** For the OpenAPI description of routes behind `requireUser`. */
export const security = [];

/** Single-user mode: everything belongs to one local user. Choose an auth to tell callers apart. */
export const requireUser: RequestHandler = (req, _res, next) => {
  req.user = { id: LOCAL_USER };
  next();
};
