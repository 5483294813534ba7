import { closeContext, openContext } from "./app.ts";
import { loadConfig } from "./config.ts";
import { createLogger } from "./log.ts";

/** `npm run migrate` brings the database up to date; `npm run migrate -- down` takes the last migration back. */
const config = loadConfig();
const context = openContext(config, createLogger(config.LOG_LEVEL));
try {
  if (process.argv[2] === "down") await context.db.migrator.down();
  else await context.db.migrator.up();
} finally {
  await closeContext(context);
}
