import type { Request } from "express";

/** A strong entity tag (RFC 9110, 8.8.3) from a version. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The versions that `If-Match` allows; undefined when it allows any. Tags that are weak, malformed or not ours match
 * nothing, as RFC 9110, 13.1.1 asks.
 */
export function ifMatch(req: Request): number[] | undefined {
  const header = req.headers["if-match"]?.trim();
  if (header === undefined || header === "*") return undefined;
  return header.split(",").flatMap((tag) => {
    const version = /^"(\d{1,9})"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/**
 * Whether the client's copy is still good. Not Express's `req.fresh`: that gives way to `Cache-Control: no-cache`,
 * which `fetch` adds by itself to every request that has `If-None-Match`.
 */
export function isNotModified(req: Request, tag: string): boolean {
  const header = req.headers["if-none-match"]?.trim();
  if (header === undefined) return false;
  const tags = header.split(",").map((each) => each.trim().replace(/^W\//, ""));
  return header === "*" || tags.includes(tag);
}
