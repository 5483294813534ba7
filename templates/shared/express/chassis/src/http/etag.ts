import type { Request } from "express";

/**
 * The versions that `If-Match` names (RFC 9110, 13.1.1), as a part of a query; nothing when any will do. An entity tag is
 * the version in quotes; weak or unknown tags match none.
 */
export function ifMatch(req: Request<unknown, unknown, unknown, unknown>): { version?: number[] } {
  const header = req.get("If-Match")?.trim() ?? "*";
  if (header === "*") return {};
  const tags = header.split(",").map((tag) => /^"(\d{1,9})"$/.exec(tag.trim())?.[1]);
  return { version: tags.filter((tag) => tag !== undefined).map(Number) };
}

export function keyOf({ params, user }: Pick<Request<{ id: string }>, "params" | "user">) {
  return { id: params.id, ownerId: user.id };
}
