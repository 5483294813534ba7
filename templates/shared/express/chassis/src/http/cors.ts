import type { RequestHandler } from "express";

/** Lets exactly the listed origins read answers and send requests from a browser. */
export function cors(origins: string[], credentials: boolean): RequestHandler {
  const allowed = new Set(origins);
  return (req, res, next) => {
    // Said to everyone, or a shared cache would hand one origin's answer to another.
    res.vary("Origin");
    const origin = req.headers.origin;
    if (!origin || !allowed.has(origin)) return next();
    res.setHeader("Access-Control-Allow-Origin", origin);
    if (credentials) res.setHeader("Access-Control-Allow-Credentials", "true");
    if (req.method !== "OPTIONS" || !req.headers["access-control-request-method"]) {
      res.setHeader("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id");
      return next();
    }
    res.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE");
    res.setHeader(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, If-Match, If-None-Match, X-CSRF-Token, X-Request-Id",
    );
    res.setHeader("Access-Control-Max-Age", "600");
    res.status(204).end();
  };
}
