import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorRequestHandler } from "express";
import type { Config } from "../config.ts";
import type { Context } from "../context.ts";
import { isUnavailable } from "../db.ts";
import { notFound, Problem } from "../errors.ts";
import { securityHeaders } from "./headers.ts";
import { requestIdOf } from "./request.ts";

/** Turns whatever was thrown into a problem document. Nothing of an unexpected error reaches the client. */
export function answerErrors({ identity, log }: Context): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _req, res, _next) => {
    if (res.closed) return; // the client has gone, perhaps in the middle of its body
    const problem = asProblem(error);
    if (problem.status >= 500 && problem !== error) {
      const level = problem.status === 503 ? "warn" : "error";
      log[level]({ requestId: requestIdOf(res), err: error }, problem.message);
    }
    if (res.headersSent) return void res.destroy(); // or half an answer would pass for a whole one
    if (problem.status === 401 && identity.challenge) {
      res.setHeader("WWW-Authenticate", identity.challenge);
    }
    for (const [name, value] of Object.entries(problem.extras.headers ?? {})) {
      res.setHeader(name, value);
    }
    res.status(problem.status).type("application/problem+json");
    res.end(JSON.stringify(problem.body()));
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return notFound(); // `/%ff`: a path that names nothing
  if (isUnavailable(error)) return new Problem("unavailable", "The database cannot be reached.");
  return new Problem("internal", "Something went wrong on our side.");
}

/** For what never becomes a request: broken HTTP, oversize headers, a client that is too slow. */
export function answerBrokenRequests(config: Config) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const status =
      { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ""] ?? 400;
    const type = "/problems/malformed-request";
    const title = STATUS_CODES[status] ?? "";
    const detail = "The request is not valid HTTP, or came too slowly.";
    const body = JSON.stringify({ type, title, status, detail });
    const headers = [
      ["Content-Type", "application/problem+json"],
      ["Content-Length", Buffer.byteLength(body)],
      ["Connection", "close"],
      ["X-Request-Id", randomUUID()],
      ...securityHeaders(config),
    ];
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.end(`HTTP/1.1 ${status} ${title}\r\n${head}\r\n${body}`);
  };
}
