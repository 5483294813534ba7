import type { Cache } from "../../cache.ts";
import type { Link } from "./links.ts";

const LINK_MS = 60_000;
const UNKNOWN_MS = 5_000;

/** What a redirect needs to know of a code. */
export interface Target {
  id: string;
  /** The `Location` header, or null when the link is disabled or deleted. */
  location: string | null;
  /** Milliseconds since 1970. */
  expiresAt: number | null;
}

/**
 * Codes and where they lead. Unknown codes are kept too, briefly: otherwise anyone who asks for random codes asks the
 * database.
 */
export class LinkCache {
  readonly #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Null for a code that is known to be unknown, undefined for one that must be looked up. */
  async get(code: string): Promise<Target | null | undefined> {
    return (await this.#cache.get(`link:${code}`)) as Target | null | undefined;
  }

  /** To be called after the commit with the state that was committed: writers replace, they do not only forget. */
  async put(link: Link): Promise<Target> {
    const target: Target = {
      id: link.id,
      location: link.enabled && !link.deletedAt ? toHeader(link.url) : null,
      expiresAt: link.expiresAt?.getTime() ?? null,
    };
    await this.#cache.put(`link:${link.code}`, target, link.version, LINK_MS);
    return target;
  }

  /** Version 0 loses to every link, so that creating one ends this at once. */
  async putUnknown(code: string): Promise<null> {
    await this.#cache.put(`link:${code}`, null, 0, UNKNOWN_MS);
    return null;
  }
}

/** Node writes headers as Latin-1, one byte a character: this way the bytes on the wire are the URL's own UTF-8. */
function toHeader(url: string): string {
  return Buffer.from(url, "utf8").toString("latin1");
}
