import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { log } from "../logger.ts";

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** Gives every request an id and one line in the log. By hand: pino-http costs as much as the rest of a small request. */
export const requestLog: RequestHandler = (req, res, next) => {
  const startedAt = performance.now();
  const sent = req.get("X-Request-Id") ?? "";
  const requestId = REQUEST_ID.test(sent) ? sent : randomUUID();
  res.locals["requestId"] = requestId;
  res.set("X-Request-Id", requestId);
  // Not `finish`: a client that goes away early must leave its line, too.
  res.on("close", () => {
    const path = req.originalUrl.split("?", 1)[0]; // a query may hold what a log should not
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    const line = { requestId, method: req.method, path, status: res.statusCode, durationMs };
    log.info(res.writableFinished ? line : { ...line, aborted: true }, "request");
  });
  next();
};
