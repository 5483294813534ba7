import { z } from "zod";

/** A whole number that arrives as text: in a query string or an environment variable. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .meta({ type: "integer", minimum: min, maximum: max });
}

/** A moment in a response: RFC 3339, in UTC. */
export const Timestamp = z.iso.datetime({ precision: 3 });

export const IdParams = z.object({ id: z.uuid() });

/** Finds a resource only for its owner and, with `version` (from `If-Match`), only in one of these versions. */
export interface OwnedKey {
  id: string;
  ownerId: string;
  version?: number[];
}

/**
 * A text of so many characters. Zod's own `max` counts an emoji as two, and its `regex` would write the flag `u` into
 * /openapi.json, where a pattern has no flags. A NUL character would be a 500 in some databases.
 */
export function sized(text: z.ZodString, minLength: number, maxLength: number, oneLine = false) {
  const pattern = new RegExp(`^${oneLine ? "\\P{Cc}" : "[^\\0]"}{${minLength},${maxLength}}$`, "u");
  const error = `must be ${minLength} to ${maxLength} characters${oneLine ? " on one line" : ""}`;
  return text.refine((value) => pattern.test(value), error).meta({ minLength, maxLength });
}

/** What a user looks for, from a query string. */
export const SearchText = sized(z.string(), 0, 200);

/** Pages are ordered by id. A UUIDv7 grows with time, so new items do not shift the page that a client reads. */
export const PageQuery = z.object({
  limit: integer(1, 100).default(20),
  cursor: z
    .string()
    .transform((text) => Buffer.from(text, "base64url").toString("latin1"))
    .pipe(z.uuid("is not a cursor of this list"))
    .optional(),
});

export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Cuts a page out of `limit + 1` items: the one too many shows that there is a next page. */
export function toPage<T extends { id: string }>(items: T[], limit: number) {
  const page = items.slice(0, limit);
  const last = items.length > limit ? page.at(-1) : undefined;
  return { items: page, nextCursor: last ? Buffer.from(last.id).toString("base64url") : null };
}
