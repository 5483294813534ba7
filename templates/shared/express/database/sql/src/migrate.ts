import { readdir } from "node:fs/promises";
import { QueryTypes } from "sequelize";
import { config } from "./config.ts";
import { connect, MIGRATION_LOCK } from "./database-url.ts";
import { log } from "./logger.ts";

const folder = new URL("../migrations/", import.meta.url);
const sequelize = connect(config.DATABASE_URL, 0); // to build an index may take longer than a request may

/**
 * Brings the database up to date. Everything is one transaction: a run that is interrupted leaves nothing behind, and
 * of two runs at the same time the second one waits for the lock and then finds nothing to do. Umzug records a step only
 * after it has run: if it is killed in between, the step fails in every later run.
 */
await sequelize.transaction(async (transaction) => {
  await sequelize.query(MIGRATION_LOCK, { transaction });
  const create = "CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(255) PRIMARY KEY)";
  await sequelize.query(create, { transaction });
  const select = "SELECT name FROM migrations";
  const rows = await sequelize.query(select, { type: QueryTypes.SELECT, transaction });
  const done = new Set(rows.map((row) => (row as { name: string }).name));
  for (const name of (await readdir(folder)).toSorted()) {
    if (done.has(name) || !name.endsWith(".ts")) continue;
    const { up } = await import(new URL(name, folder).href);
    await up(sequelize.getQueryInterface(), transaction);
    const insert = "INSERT INTO migrations VALUES (:name)";
    await sequelize.query(insert, { replacements: { name }, transaction });
    log.info({ name }, "migrated");
  }
});
await sequelize.close();
