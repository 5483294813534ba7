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
