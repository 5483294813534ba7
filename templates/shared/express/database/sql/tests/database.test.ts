import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sequelize } from "../src/db.ts";
import { shutDown } from "../src/lifecycle.ts";

const migrate = () => spawn(process.execPath, ["src/migrate.ts"], { stdio: "inherit" });

async function emptyDatabase(): Promise<void> {
  const database = sequelize.getQueryInterface();
  await database.dropAllTables();
  assert.deepEqual(await database.showAllTables(), []);
}

async function migrated(): Promise<unknown[]> {
  const [rows] = await sequelize.query("SELECT name FROM migrations ORDER BY name");
  return rows.map((row) => (row as { name: string }).name);
}

const migrations = async () =>
  (await readdir("migrations")).filter((name) => name.endsWith(".ts")).toSorted();

describe("the database", () => {
  after(shutDown);

  it("is brought up to date by two processes at the same time", async () => {
    await emptyDatabase();
    const exits = [migrate(), migrate()].map((child) => once(child, "exit"));
    assert.deepEqual(
      (await Promise.all(exits)).map(([code]) => code),
      [0, 0],
    );
    assert.deepEqual(await migrated(), await migrations());
  });

  it("is brought up to date after a migration was killed, wherever that was", async () => {
    for (const ms of [150, 250, 350, 450]) {
      await emptyDatabase();
      const killed = migrate();
      await wait(ms);
      killed.kill("SIGKILL");
      const [code] = await once(migrate(), "exit");
      assert.equal(code, 0, `killed after ${ms} ms`);
    }
    assert.deepEqual(await migrated(), await migrations());
  });

  it("keeps nothing of a transaction that fails", async () => {
    await sequelize.query("CREATE TABLE drafts (text VARCHAR(9))");
    const failing = sequelize.transaction(async (transaction) => {
      await sequelize.query("INSERT INTO drafts VALUES ('half')", { transaction });
      throw new Error("stop");
    });
    await assert.rejects(failing, /stop/);
    const [rows] = await sequelize.query("SELECT * FROM drafts");
    await sequelize.query("DROP TABLE drafts");
    assert.deepEqual(rows, []);
  });
});
