import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";

describe("the database", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  it("can be taken back to nothing and up again, migration by migration", async () => {
    const { migrator, sequelize } = app.context.db;
    const names = (await migrator.executed()).map(({ name }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.deepEqual(await migrator.pending(), []);
    await migrator.down({ to: 0 });
    const tables = await sequelize.getQueryInterface().showAllTables();
    assert.deepEqual(
      tables.filter((table) => !/migrations|sqlite/.test(table)),
      [],
    );
    await migrator.up();
    assert.equal((await migrator.executed()).length, names.length);
  });

  it("keeps nothing of a transaction that fails", async () => {
    const { db } = app.context;
    const { sequelize } = db;
    await sequelize.query("CREATE TABLE drafts (text VARCHAR(9))");
    const failing = db.transaction(async (transaction) => {
      await sequelize.query("INSERT INTO drafts VALUES ('half')", { transaction });
      throw new Error("stop");
    });
    await assert.rejects(failing, /stop/);
    const [rows] = await sequelize.query("SELECT * FROM drafts");
    await sequelize.query("DROP TABLE drafts");
    assert.deepEqual(rows, []);
  });
});
