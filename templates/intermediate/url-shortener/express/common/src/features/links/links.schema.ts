import { z } from "zod";
import { config } from "../../config.ts";
import { integer, PageQuery, pageOf, SearchText, Timestamp } from "../../schemas.ts";
import { CODE, isReserved } from "./codes.ts";
import type { Link } from "./links.repository.ts";
import { targetError } from "./target.ts";

const url = z
  .string()
  .superRefine((text, context) => {
    const message = targetError(text, config.PUBLIC_URL);
    if (message) context.addIssue(message);
  })
  .meta({ format: "uri", maxLength: 2_048 });

const code = z
  .string()
  .regex(CODE, "must be 3 to 32 letters, digits, - or _")
  .refine((text) => !isReserved(text), "is reserved")
  .optional();

const expiresAt = z
  .string()
  .toUpperCase() // RFC 3339 allows `t` and `z`
  .pipe(z.iso.datetime({ offset: true, error: "must be a time such as 2030-01-31T12:00:00Z" }))
  .transform((text) => new Date(text))
  .refine((time) => time.getTime() > Date.now(), "must be in the future")
  // RFC 3339 has four digits for the year, and an offset can lead beyond 9999 in UTC.
  .refine((time) => time.getUTCFullYear() <= 9999, "must be before the year 10000")
  .nullable();

export const LinkCreate = z.strictObject({ url, code, expiresAt: expiresAt.default(null) });
export type LinkCreate = z.infer<typeof LinkCreate>;

export const LinkUpdate = z.strictObject({ url, enabled: z.boolean(), expiresAt }).partial();
export type LinkUpdate = z.infer<typeof LinkUpdate>;

export const LinkQuery = PageQuery.extend({
  /** A substring of code or URL, without regard to case. */
  q: SearchText.optional(),
});
export type LinkQuery = z.infer<typeof LinkQuery>;

export const StatsQuery = z.object({ days: integer(1, 90).default(30) });

export const LinkResponse = z.object({
  id: z.uuid(),
  code: z.string(),
  shortUrl: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  expiresAt: Timestamp.nullable(),
  clicks: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});

export const LinkPage = pageOf(LinkResponse);

export const StatsResponse = z.object({
  total: z.int(),
  perDay: z.array(z.object({ date: z.iso.date(), clicks: z.int() })),
  referrers: z.array(z.object({ host: z.string().nullable(), clicks: z.int() })),
});

export function toResponse(link: Link) {
  const { id, code, url, enabled, expiresAt, clicks, createdAt, updatedAt } = link;
  const shortUrl = `${config.PUBLIC_URL}/${code}`;
  return { id, code, shortUrl, url, enabled, expiresAt, clicks, createdAt, updatedAt };
}
