import { LRUCache } from "lru-cache";

const entries = new LRUCache<string, { value: unknown; version: number }>({ max: 10_000 });

/** A cache in this process. It may forget anything at any time. Several processes need a shared one, such as Redis. */
export const cache = {
  async get(key: string): Promise<unknown> {
    return entries.get(key)?.value;
  },

  /**
   * Stores `value` unless a newer version is there. A slow reader can arrive with an old state after a writer has
   * stored the new one: the newer version must win, whichever comes last.
   */
  async put(key: string, value: unknown, version: number, lifeMs: number): Promise<void> {
    const stored = entries.peek(key);
    if (!stored || stored.version <= version) entries.set(key, { value, version }, { ttl: lifeMs });
  },
};
