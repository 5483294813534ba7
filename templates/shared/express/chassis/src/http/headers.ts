import type { Express, Response } from "express";
import type { Config } from "../config.ts";
import { requestIdOf } from "./request.ts";

/** What every answer says. Written out, not by helmet: they are few and constant. */
export function securityHeaders({ APP_ENV }: Pick<Config, "APP_ENV">): [string, string][] {
  const headers: [string, string][] = [
    // Unless a route knows better: answers are somebody's own, and redirects must be asked for each time.
    ["Cache-Control", "no-store"],
    ["Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"],
    ["Referrer-Policy", "no-referrer"],
    ["X-Content-Type-Options", "nosniff"],
  ];
  if (APP_ENV === "production") {
    headers.push(["Strict-Transport-Security", "max-age=31536000; includeSubDomains"]);
  }
  return headers;
}

/**
 * Adds them, and the request's id, where Node writes the head of an answer. A `setHeader()` for each of them at the
 * start of each request would do the same, and take a tenth of the time of a redirect.
 */
export function addHeaders(app: Express, config: Config): void {
  const constant = securityHeaders(config);
  // The prototype of this application's responses, which Express offers for extending.
  const { writeHead } = app.response;
  app.response.writeHead = function (this: Response, status: number, ...rest: unknown[]) {
    // After a reason, which may be missing, come headers: an object, or one flat list of names and values.
    const last = typeof rest.at(-1) === "object" ? rest.pop() : [];
    const given = Array.isArray(last) ? (last as unknown[]) : Object.entries(last ?? {}).flat();
    const head: unknown[] = ["X-Request-Id", requestIdOf(this)];
    for (const [name, value] of constant) {
      // What a route says itself wins.
      if (!this.hasHeader(name) && !given.includes(name)) head.push(name, value);
    }
    return writeHead.call(this, status, ...(rest as []), head.concat(given) as string[]);
  };
}
