import { v7 as uuidv7 } from "uuid";
import { notFound, Problem } from "../../errors.ts";
import { dateOf } from "./clicks.ts";
import { randomCode } from "./codes.ts";
import type { LinkCache, Target } from "./link-cache.ts";
import type { Link, LinkChanges, LinkPage, LinkRepository } from "./links.ts";

const DAY_MS = 86_400_000;
const MAX_ATTEMPTS = 10;

export interface NewLink {
  url: string;
  code?: string | undefined;
  expiresAt?: Date | null | undefined;
}

/** The use cases. Every one takes the owner, so that none can forget to ask whose link it is. */
export class LinkService {
  readonly #links: LinkRepository;
  readonly #cache: LinkCache;

  constructor(links: LinkRepository, cache: LinkCache) {
    this.#links = links;
    this.#cache = cache;
  }

  async create(ownerId: string, { url, code, expiresAt = null }: NewLink): Promise<Link> {
    const attempts = code === undefined ? MAX_ATTEMPTS : 1;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const link = newLink(ownerId, code ?? randomCode(), url, expiresAt);
      // Not "is it free? then insert": between the two, another client takes it. The unique index decides.
      if (await this.#links.insert(link)) {
        await this.#cache.put(link);
        return link;
      }
    }
    if (code === undefined) throw new Error("no free code found");
    throw new Problem("conflict", `The code ${code} is taken.`);
  }

  async get(ownerId: string, id: string): Promise<Link> {
    const link = await this.#links.find(ownerId, id);
    if (!link) throw notFound();
    return link;
  }

  /** One page, and the id after which the next one begins. */
  async list(ownerId: string, page: LinkPage): Promise<{ links: Link[]; next: string | null }> {
    const links = await this.#links.list(ownerId, { ...page, limit: page.limit + 1 });
    const more = links.length > page.limit;
    if (more) links.pop();
    return { links, next: more ? (links.at(-1)?.id ?? null) : null };
  }

  /** @param versions - the only versions that may be changed; any when undefined */
  async change(
    ownerId: string,
    id: string,
    changes: LinkChanges,
    versions?: number[],
  ): Promise<Link> {
    const link =
      Object.keys(changes).length > 0
        ? await this.#links.update(ownerId, id, changes, versions)
        : await this.#unchanged(ownerId, id, versions);
    if (!link) throw await this.#whyNot(ownerId, id);
    await this.#cache.put(link);
    return link;
  }

  async delete(ownerId: string, id: string, versions?: number[]): Promise<void> {
    const link = await this.#links.update(ownerId, id, { deletedAt: new Date() }, versions);
    if (!link) throw await this.#whyNot(ownerId, id);
    await this.#cache.put(link);
  }

  async stats(ownerId: string, id: string, days: number) {
    const link = await this.get(ownerId, id);
    const now = Date.now();
    const dates = Array.from({ length: days }, (_, index) =>
      dateOf(now - (days - 1 - index) * DAY_MS),
    );
    const { perDay, referrers } = await this.#links.stats(id, dates[0] ?? dateOf(now));
    return {
      total: link.clicks,
      perDay: dates.map((date) => ({ date, clicks: perDay.get(date) ?? 0 })),
      referrers,
    };
  }

  /** Where a code leads; null when it was never given out. */
  async resolve(code: string): Promise<Target | null> {
    const cached = await this.#cache.get(code);
    if (cached !== undefined) return cached;
    const link = await this.#links.findByCode(code);
    return link ? this.#cache.put(link) : this.#cache.putUnknown(code);
  }

  async #unchanged(ownerId: string, id: string, versions?: number[]): Promise<Link | undefined> {
    const link = await this.#links.find(ownerId, id);
    return link && (versions?.includes(link.version) ?? true) ? link : undefined;
  }

  async #whyNot(ownerId: string, id: string): Promise<Problem> {
    if (!(await this.#links.find(ownerId, id))) return notFound();
    return new Problem("precondition-failed", "The link has changed since you read it.");
  }
}

function newLink(ownerId: string, code: string, url: string, expiresAt: Date | null): Link {
  const now = new Date();
  return {
    id: uuidv7(),
    ownerId,
    code,
    url,
    enabled: true,
    expiresAt,
    clicks: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
