import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sequelize } from "../src/db.ts";
import { shutDown } from "../src/lifecycle.ts";

describe("SQLite through Node's own driver", () => {
  after(shutDown);

  before(async () => {
    await sequelize.query("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)");
  });

  it("lets readers read while one writes, and checks foreign keys", async () => {
    const [rows] = await sequelize.query("PRAGMA journal_mode");
    assert.deepEqual(rows, [{ journal_mode: "wal" }]);
    const [keys] = await sequelize.query("SELECT foreign_keys FROM pragma_foreign_keys");
    assert.deepEqual(keys, [{ foreign_keys: 1 }]);
  });

  it("knows every letter's lower case", async () => {
    const [rows] = await sequelize.query("SELECT lower('ÄЖΩ') AS text");
    assert.deepEqual(rows, [{ text: "äжω" }]);
  });

  it("waits for the transaction that holds the lock without stopping the event loop", async () => {
    const order: string[] = [];
    const { promise: locked, resolve: hasLock } = Promise.withResolvers<void>();
    const slow = sequelize.transaction(async (transaction) => {
      await sequelize.query("INSERT INTO notes (text) VALUES ('slow')", { transaction });
      hasLock();
      await wait(100); // only possible while the loop turns
      order.push("slow");
    });
    await locked;
    const other = sequelize.query("INSERT INTO notes (text) VALUES ('other')").then(() => {
      order.push("other");
    });
    await Promise.all([slow, other]);
    assert.deepEqual(order, ["slow", "other"]);
  });

  it("lets many transactions write the same row, and loses none", async () => {
    await sequelize.query("CREATE TABLE counter (n INTEGER)");
    await sequelize.query("INSERT INTO counter VALUES (0)");
    const increment = () =>
      sequelize.transaction(async (transaction) => {
        const [rows] = await sequelize.query("SELECT n FROM counter", { transaction });
        const { n } = (rows as { n: number }[])[0] ?? { n: 0 };
        await wait(1);
        await sequelize.query(`UPDATE counter SET n = ${n + 1}`, { transaction });
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const [rows] = await sequelize.query("SELECT n FROM counter");
    assert.deepEqual(rows, [{ n: 20 }]);
  });

  it("leaves no table of its own behind", async () => {
    for (const table of ["notes", "counter"]) await sequelize.query(`DROP TABLE ${table}`);
  });
});
