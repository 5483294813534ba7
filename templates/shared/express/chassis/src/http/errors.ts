import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";
import createError, { type HttpError, isHttpError } from "http-errors";
import { isConflict, isUnavailable } from "../db.ts";
import { notFound } from "../errors.ts";
import { log } from "../logger.ts";

/** The last part of a problem's `type`, where it is not the name of the status. */
const TYPES: Record<number, string> = {
  400: "malformed-body",
  401: "unauthenticated",
  422: "validation",
  429: "rate-limited",
  500: "internal",
  503: "unavailable",
};

/** Sends whatever was thrown as a problem document (RFC 9457). Nothing of an unexpected error reaches the client. */
export const errorHandler: ErrorRequestHandler = (thrown: unknown, _req, res, next) => {
  const error = toHttpError(thrown);
  if (error.status >= 500) {
    const level = error.status === 503 ? "warn" : "error";
    log[level]({ requestId: res.locals["requestId"], err: thrown }, error.message);
  }
  if (res.headersSent) return next(thrown); // closes the connection, so half a response cannot pass for a whole one
  const { status, message: detail, headers = {}, problem, members } = error;
  const title = STATUS_CODES[status] ?? "Error";
  const type = problem ?? TYPES[status] ?? title.toLowerCase().replaceAll(" ", "-");
  res.status(status).set(headers).type("application/problem+json");
  res.json({ type: `/problems/${type}`, title, status, detail, ...members });
};

function toHttpError(thrown: unknown): HttpError {
  if (isHttpError(thrown) && thrown.expose) return thrown; // others' messages are not meant for clients
  if (thrown instanceof URIError) return notFound(); // `/%ff`: a path that names nothing
  if (isConflict(thrown)) return createError(409, "It exists already, or its owner is gone.");
  if (isUnavailable(thrown)) return createError(503, "The database cannot be reached.");
  return createError(500, "Something went wrong on our side.");
}

/** First in a route: refuses, with `Allow`, a method that the route has no handler for. */
export const allowedMethods: RequestHandler = (req, _res, next) => {
  const { _all, ...handled } = (req.route as { methods: Record<string, boolean> }).methods;
  const methods = Object.keys(handled).map((name) => name.toUpperCase());
  if ("get" in handled) methods.push("HEAD");
  if (methods.includes(req.method)) return next();
  throw createError(405, `${req.method} is not possible here.`, {
    headers: { Allow: methods.join(", ") },
  });
};
