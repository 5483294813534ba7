import { Redis } from "ioredis";

const FIX = "start one with `docker compose up -d redis`, or set TEST_CACHE_URL";

/** The URL of an empty database for the tests alone: what an earlier run left would be found by this one. */
export async function prepareCache(): Promise<string> {
  const url = process.env["TEST_CACHE_URL"] || "redis://127.0.0.1:6379/1";
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 1_000, retryStrategy: null });
  redis.on("error", () => undefined);
  await redis.connect().catch(() => {
    throw new Error(`No Redis answers at ${new URL(url).host}: ${FIX}`);
  });
  await redis.flushdb();
  redis.disconnect();
  return url;
}
