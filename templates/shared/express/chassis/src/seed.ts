import { closeContext, openContext } from "./app.ts";
import { loadConfig } from "./config.ts";
import { createLogger } from "./log.ts";

/** Fills an empty development database with something to look at. Running it twice changes nothing. */
const config = loadConfig();
if (config.APP_ENV === "production")
  throw new Error("APP_ENV: seeding is for development and test");
const context = openContext(config, createLogger(config.LOG_LEVEL));
try {
  const ownerId = await context.identity.demoUser();
  for (const feature of context.features) await feature.seed?.(ownerId);
} finally {
  await closeContext(context);
}
