import { prepareCache } from "./cache.ts";
import { prepareDatabase } from "./database.ts";

/** Runs once, before all tests. Every test process inherits these settings; those of development are left alone. */
export async function globalSetup(): Promise<void> {
  Object.assign(process.env, {
    APP_ENV: "test",
    SECRET_KEY: "a-secret-of-the-tests-and-nothing-else",
    PUBLIC_URL: "https://short.test",
    MAX_BODY_BYTES: "2000",
    RATE_LIMIT: "0",
    LOG_LEVEL: "error",
  });
  try {
    process.env["DATABASE_URL"] = await prepareDatabase();
    process.env["CACHE_URL"] = await prepareCache();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
  await import("../../src/migrate.ts");
}
