import { command } from "./command.ts";
import { openDatabase } from "./db.ts";

/** `npm run migrate` brings the database up to date; `npm run migrate down` takes the last migration back. */
await command(async (config, log) => {
  const db = openDatabase(config, log);
  try {
    if (process.argv[2] === "down") await db.migrator.down();
    else await db.migrator.up();
  } finally {
    await db.close();
  }
});
