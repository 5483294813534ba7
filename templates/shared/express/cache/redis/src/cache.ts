import { Redis } from "ioredis";
import { config } from "./config.ts";
import { onShutdown, readinessChecks } from "./lifecycle.ts";
import { log } from "./logger.ts";

/** Compares and sets in one step, inside Redis: between two commands another process could write. */
const PUT = `
local stored = redis.call("GET", KEYS[1])
if stored and tonumber(string.match(stored, "^%d+")) > tonumber(ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[1] .. " " .. ARGV[2], "PX", ARGV[3])
return 1`;

const redis = new Redis(config.CACHE_URL, {
  commandTimeout: 250,
  enableOfflineQueue: false, // without a connection fail at once: all can be had without the cache
  maxRetriesPerRequest: 0,
});
redis.on("error", (error) => log.warn({ err: error }, "cache not reached, going on without it"));

/** A cache shared by all processes. It may forget anything, and its failures stay in here. */
export const cache = {
  async get(key: string): Promise<unknown> {
    const stored = await redis.get(key).catch(() => null);
    return stored === null ? undefined : JSON.parse(stored.slice(stored.indexOf(" ") + 1));
  },

  /**
   * Stores `value` unless a newer version is there. A slow reader can arrive with an old state after a writer has
   * stored the new one: the newer version must win, whichever comes last.
   */
  async put(key: string, value: unknown, version: number, lifeMs: number): Promise<void> {
    const entry = [version, JSON.stringify(value), lifeMs];
    await redis.eval(PUT, 1, key, ...entry).catch(() => undefined);
  },
};

readinessChecks["cache"] = () => redis.ping();
onShutdown(async () => redis.disconnect());
