import { randomUUID } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Context } from "../context.ts";

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** Headers of every answer. Written out, not by helmet: they are few, constant, and on the path of every redirect. */
export function securityHeaders(config: { APP_ENV: string }): [string, string][] {
  const headers: [string, string][] = [
    // Unless a route knows better: answers are somebody's own, and redirects must be asked for each time.
    ["Cache-Control", "no-store"],
    ["Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"],
    ["Referrer-Policy", "no-referrer"],
    ["X-Content-Type-Options", "nosniff"],
  ];
  if (config.APP_ENV === "production") {
    headers.push(["Strict-Transport-Security", "max-age=31536000; includeSubDomains"]);
  }
  return headers;
}

/** Gives every request an id, the security headers, and exactly one log line. */
export function observe({ config, log }: Context): RequestHandler {
  const headers = securityHeaders(config);
  return (req, res, next) => {
    const startedAt = performance.now();
    const sent = req.headers["x-request-id"];
    const requestId = typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
    res.setHeader("X-Request-Id", requestId);
    for (const [name, value] of headers) res.setHeader(name, value);
    // `close` comes after an answer and after a client that went away; `finish` only after an answer.
    res.once("close", () => {
      const line = {
        requestId,
        method: req.method,
        path: pathOf(req),
        status: res.statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
      };
      log.info(res.writableFinished ? line : { ...line, aborted: true }, "request");
    });
    next();
  };
}

export function requestIdOf(res: Response): string {
  return String(res.getHeader("X-Request-Id"));
}

/** Without the query string, which may hold what a log should not. */
function pathOf(req: Request): string {
  const end = req.originalUrl.indexOf("?");
  return end < 0 ? req.originalUrl : req.originalUrl.slice(0, end);
}

/** The client's address: the peer's or, behind a trusted proxy, the right-most forwarded one that is not trusted. */
export function clientOf(req: Request): string {
  // Without the header there is nothing for Express to work out.
  const { remoteAddress = "unknown" } = req.socket;
  return req.headers["x-forwarded-for"] === undefined ? remoteAddress : (req.ip ?? remoteAddress);
}
