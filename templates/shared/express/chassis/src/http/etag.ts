import type { Request } from "express";

/** A strong entity tag from the version of a resource (RFC 9110, 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/** The versions that `If-Match` names, as a part of a query; nothing when any will do. Weak or unknown tags match none. */
export function ifMatch(req: Request<unknown, unknown, unknown, unknown>): { version?: number[] } {
  const header = req.get("If-Match")?.trim() ?? "*";
  if (header === "*") return {};
  const tags = header.split(",").map((tag) => /^"(\d{1,9})"$/.exec(tag.trim())?.[1]);
  return { version: tags.filter((tag) => tag !== undefined).map(Number) };
}
