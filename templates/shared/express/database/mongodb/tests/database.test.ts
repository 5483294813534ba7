import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";

describe("the database", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  it("can be taken back to nothing and up again, migration by migration", async () => {
    const { connection, migrator } = app.context.db;
    const names = (await migrator.executed()).map(({ name }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.deepEqual(await migrator.pending(), []);
    await migrator.down({ to: 0 });
    const collections = await connection.listCollections();
    assert.deepEqual(
      collections.map(({ name }) => name).filter((name) => name !== "migrations"),
      [],
    );
    await migrator.up();
    assert.equal((await migrator.executed()).length, names.length);
  });
});
