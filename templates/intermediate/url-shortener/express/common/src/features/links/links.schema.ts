import { validate as isUuid } from "uuid";
import { z } from "zod";
import { integer } from "../../from-text.ts";
import { CODE, isReserved } from "./codes.ts";
import type { Link } from "./links.ts";
import { targetProblem } from "./target.ts";

const Time = z.iso.datetime({ precision: 3 });

export const LinkAnswer = z.object({
  id: z.uuid(),
  code: z.string(),
  shortUrl: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  expiresAt: Time.nullable(),
  clicks: z.int(),
  createdAt: Time,
  updatedAt: Time,
});

export const LinkList = z.object({ items: z.array(LinkAnswer), nextCursor: z.string().nullable() });

export const Stats = z.object({
  total: z.int(),
  perDay: z.array(z.object({ date: z.iso.date(), clicks: z.int() })),
  referrers: z.array(z.object({ host: z.string().nullable(), clicks: z.int() })),
});

export const StatsQuery = z.object({ days: integer(1, 90).default(30) });

export const ListQuery = z.object({
  q: z
    .string()
    .max(200)
    .refine((text) => !text.includes("\0"), "must not hold a NUL character")
    .optional(),
  limit: integer(1, 100).default(20),
  cursor: z.string().transform(decodeCursor).optional(),
});

/** RFC 3339 has four digits for the year; an offset can push the last hours of 9999 over, in UTC. */
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

/** RFC 3339 allows lower case; Zod's pattern, which knows how long each month is, does not. */
const End = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.iso.datetime({ offset: true, error: "must be a time such as 2030-01-31T12:00:00Z" }))
  .transform((text) => new Date(text))
  .refine((time) => time.getTime() > Date.now(), "must be in the future")
  .refine((time) => time.getTime() <= LAST, "must be before the year 10000")
  .nullable();

/** The bodies; what a URL may be depends on where this service runs. */
export function bodySchemas(publicUrl: string) {
  const url = z
    .string()
    .superRefine((value, ctx) => {
      const message = targetProblem(value, publicUrl);
      if (message) ctx.addIssue({ code: "custom", message });
    })
    .meta({ format: "uri", maxLength: 2_048, pattern: "^[hH][tT][tT][pP][sS]?://" });
  const code = z
    .string()
    .regex(CODE, "must be 3 to 32 letters, digits, - or _")
    .refine((value) => !isReserved(value), "is reserved");

  return {
    NewLink: z.strictObject({ url, code: code.optional(), expiresAt: End.optional() }),
    LinkPatch: z.strictObject({
      url: url.optional(),
      enabled: z.boolean().optional(),
      expiresAt: End.optional(),
    }),
  };
}

export function toAnswer(link: Link, publicUrl: string): z.infer<typeof LinkAnswer> {
  return {
    id: link.id,
    code: link.code,
    shortUrl: `${publicUrl}/${link.code}`,
    url: link.url,
    enabled: link.enabled,
    expiresAt: link.expiresAt?.toISOString() ?? null,
    clicks: link.clicks,
    createdAt: link.createdAt.toISOString(),
    updatedAt: link.updatedAt.toISOString(),
  };
}

/** Lists go by id, which grows with time (UUIDv7): a page stays right while links are added before it. */
export function encodeCursor(id: string): string {
  return Buffer.from(id).toString("base64url");
}

function decodeCursor(cursor: string, ctx: z.RefinementCtx): string {
  const id = Buffer.from(cursor, "base64url").toString("latin1");
  if (isUuid(id) && encodeCursor(id) === cursor) return id;
  ctx.addIssue({ code: "custom", message: "is not a cursor of this list" });
  return z.NEVER;
}
