import { LRUCache } from "lru-cache";

const MAX_ENTRIES = 10_000;

interface Entry {
  value: unknown;
  version: number;
}

/** A cache beside the database. It may forget anything at any time, and never holds the only copy. */
export interface Cache {
  get(key: string): Promise<unknown>;
  /**
   * Keeps `value`, which is what JSON can say, unless a newer version is kept already: of a reader that was slow and
   * a writer that was not, the writer's value must win, whichever comes last.
   */
  put(key: string, value: unknown, version: number, lifeMs: number): Promise<void>;
  /** Resolves when the cache answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const cacheSettings = {};

/** In this process: nothing is faster, and nothing is shared. With several processes, choose Redis. */
export function openCache(_config: unknown, _log: unknown): Cache {
  const entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  return {
    get: (key) => Promise.resolve(entries.get(key)?.value),
    put(key, value, version, lifeMs) {
      const kept = entries.peek(key);
      if (!kept || kept.version <= version) entries.set(key, { value, version }, { ttl: lifeMs });
      return Promise.resolve();
    },
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
