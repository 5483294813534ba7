import { readdir } from "node:fs/promises";
import mongoose from "mongoose";
import { config } from "./config.ts";
import { log } from "./logger.ts";

const folder = new URL("../migrations/", import.meta.url);

/**
 * Brings the database up to date. Each migration can be carried out twice, at the same time or after half of it: to
 * create an index that is there already changes nothing. So neither a lock is needed nor Umzug.
 */
const { connection } = await mongoose.connect(config.DATABASE_URL, {
  serverSelectionTimeoutMS: 5_000,
  autoIndex: false,
});
const done = connection.collection<{ _id: string }>("migrations");
for (const name of (await readdir(folder)).toSorted()) {
  if (await done.findOne({ _id: name })) continue;
  const { up } = await import(new URL(name, folder).href);
  await up(connection);
  await done.replaceOne({ _id: name }, {}, { upsert: true });
  log.info({ name }, "migrated");
}
await mongoose.disconnect();
