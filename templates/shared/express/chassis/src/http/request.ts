import { randomUUID } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "../log.ts";

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** Gives every request an id and exactly one log line. */
export function observe(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const sent = req.headers["x-request-id"];
    const requestId = typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
    res.locals["requestId"] = requestId;
    // `close` comes after an answer and after a client that went away; `finish` only after an answer.
    res.on("close", () => {
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
  return res.locals["requestId"] as string;
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
