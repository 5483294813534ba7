import { Redis } from "ioredis";
import { z } from "zod";
import type { Logger } from "./log.ts";

const TIMEOUT_MS = 250;
const PREFIX = "app:";

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

export const cacheSettings = {
  CACHE_URL: z.string({ error: "is required" }).refine(isRedisUrl, "must be redis://host:port/0"),
};

/** Compared and set in one step, inside Redis: between two commands another process could come in. */
const PUT = `
local kept = redis.call("GET", KEYS[1])
if kept and tonumber(string.match(kept, "^%d+")) > tonumber(ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[1] .. " " .. ARGV[2], "PX", ARGV[3])
return 1`;

/**
 * While Redis cannot be reached, everything goes on without it, and writers cannot tell it what they changed. So what
 * it still holds when it comes back cannot be trusted: every new connection begins by forgetting our keys, and until
 * that is done the cache answers nothing.
 */
export function openCache({ CACHE_URL }: { CACHE_URL: string }, log: Logger): Cache {
  const redis = new Redis(CACHE_URL, {
    commandTimeout: TIMEOUT_MS,
    connectTimeout: 1_000,
    enableOfflineQueue: false, // without a connection fail at once; the database is waiting
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  });
  let trusted = false;

  redis.on("error", () => undefined); // each command reports its own
  redis.on("close", () => {
    if (trusted) log.warn("cache lost, going on without it");
    trusted = false;
  });
  redis.on("ready", () => {
    forgetAll(redis).then(
      () => {
        trusted = true;
        log.info("cache ready");
      },
      () => redis.disconnect(true),
    );
  });

  /** A command that failed may or may not have happened: a new connection, and its clean start, settle it. */
  const distrust = (): void => {
    if (!trusted) return;
    trusted = false;
    redis.disconnect(true);
  };

  return {
    async get(key) {
      if (!trusted) return undefined;
      try {
        const kept = await redis.get(PREFIX + key);
        return kept ? JSON.parse(kept.slice(kept.indexOf(" ") + 1)) : undefined;
      } catch {
        distrust();
        return undefined;
      }
    },
    async put(key, value, version, lifeMs) {
      if (!trusted) return;
      try {
        await redis.call("EVAL", PUT, 1, PREFIX + key, version, JSON.stringify(value), lifeMs);
      } catch {
        distrust();
      }
    },
    async ping() {
      await redis.ping();
    },
    close() {
      trusted = false;
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

async function forgetAll(redis: Redis): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${PREFIX}*`, count: 1_000 })) {
    if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
  }
}

function isRedisUrl(text: string): boolean {
  try {
    decodeURIComponent(text); // throws at a `%` that stands for itself, as in a password
    return /^rediss?:\/\/[^/?#]+(\/\d{0,3})?$/.test(text) && URL.canParse(text);
  } catch {
    return false;
  }
}
