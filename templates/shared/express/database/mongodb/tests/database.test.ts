import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { databaseSettings } from "../src/db.ts";
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

describe("the URL of the database", () => {
  const urls = {
    "mongodb://localhost/app": true,
    "mongodb://user:p%40ss@a.example,b.example:27018/app?replicaSet=rs": true,
    "mongodb+srv://user:secret@cluster.example.net/app?retryWrites=true": true,
    "mongodb://localhost": false,
    "mongodb://localhost:99999/app": false,
    "mongodb://user:100%@localhost/app": false,
    "mongodb://localhost/app?colour=red": false,
    "postgresql://localhost/app": false,
  };
  for (const [url, valid] of Object.entries(urls)) {
    it(`${valid ? "may" : "may not"} be "${url}"`, () => {
      assert.equal(databaseSettings.DATABASE_URL.safeParse(url).success, valid);
    });
  }
});
