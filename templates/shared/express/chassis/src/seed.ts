import { closeContext, openContext } from "./app.ts";
import { command } from "./command.ts";

/** Fills an empty development database with something to look at. Running it twice changes nothing. */
await command(async (config, log) => {
  if (config.APP_ENV === "production") throw new Error("APP_ENV: seeding is not for production");
  const context = openContext(config, log);
  try {
    const ownerId = await context.identity.demoUser();
    for (const feature of context.features) await feature.seed?.(ownerId);
  } finally {
    await closeContext(context);
  }
});
