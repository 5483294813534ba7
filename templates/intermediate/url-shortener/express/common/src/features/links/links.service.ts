import createError, { type HttpError } from "http-errors";
import { v7 as uuidv7 } from "uuid";
import { isConflict } from "../../db.ts";
import { notFound } from "../../errors.ts";
import { type OwnedKey, toPage } from "../../schemas.ts";
import { randomCode } from "./codes.ts";
import { findCached, storeLink, storeUnknown, type Target } from "./link-cache.ts";
import * as repository from "./links.repository.ts";
import type { LinkCreate, LinkQuery, LinkUpdate } from "./links.schema.ts";

const DAY_MS = 86_400_000;
const MAX_ATTEMPTS = 10;

export async function createLink(ownerId: string, { url, expiresAt, ...chosen }: LinkCreate) {
  for (let attempt = 1; ; attempt += 1) {
    const code = chosen.code ?? randomCode();
    const link = { id: uuidv7(), ownerId, code, codeKey: code.toLowerCase(), url, expiresAt };
    try {
      // Do not check first and insert later: another client can take the code in between. The unique index decides.
      const created = await repository.insert(link);
      await storeLink(created);
      return created;
    } catch (error) {
      if (!isConflict(error) || chosen.code !== undefined || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export async function getLink(key: OwnedKey): Promise<repository.Link> {
  const link = await repository.find(key);
  if (!link) throw notFound();
  return link;
}

export async function listLinks(ownerId: string, query: LinkQuery) {
  const links = await repository.list(ownerId, { ...query, limit: query.limit + 1 });
  return toPage(links, query.limit);
}

export async function updateLink(key: OwnedKey, changes: LinkUpdate): Promise<repository.Link> {
  const empty = Object.keys(changes).length === 0;
  const link = await (empty ? repository.find(key) : repository.update(key, changes));
  if (!link) throw await writeError(key);
  await storeLink(link);
  return link;
}

export async function deleteLink(key: OwnedKey): Promise<void> {
  const [link] = await repository.erase(key);
  if (!link) throw await writeError(key);
  await storeLink(link);
}

/** The error for a conditional write that found no link. */
async function writeError({ id, ownerId }: OwnedKey): Promise<HttpError> {
  if (!(await repository.find({ id, ownerId }))) return notFound();
  return createError(412, "The link has changed since you read it.");
}

export async function linkStats(key: OwnedKey, days: number) {
  const { clicks: total } = await getLink(key);
  const dates = Array.from({ length: days }, (_, ago) => dateOf(Date.now() - ago * DAY_MS));
  const since = dates.at(-1) ?? "";
  const byDay = await repository.sumClicks(key.id, since, "day");
  const byHost = await repository.sumClicks(key.id, since, "host");
  const clicksOn = new Map(byDay.map(({ name, clicks }) => [name, clicks]));
  return {
    total,
    perDay: dates.reverse().map((date) => ({ date, clicks: clicksOn.get(date) ?? 0 })),
    referrers: byHost.map(({ name, clicks }) => ({ host: name, clicks })),
  };
}

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Where a code leads; null when it was never given out. */
export async function resolveCode(code: string): Promise<Target | null> {
  const cached = await findCached(code);
  if (cached !== undefined) return cached;
  const link = await repository.findByCode(code);
  return link ? storeLink(link) : storeUnknown(code);
}

export async function deleteAllLinks(ownerId: string): Promise<void> {
  const links = await repository.erase({ ownerId });
  await Promise.all(links.map(storeLink));
}
