import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import mongoose from "mongoose";
import { databaseUrl } from "../src/database-url.ts";
import "../src/db.ts";
import { shutDown } from "../src/lifecycle.ts";

const migrate = () => spawn(process.execPath, ["src/migrate.ts"], { stdio: "inherit" });

async function emptyDatabase(): Promise<void> {
  const { db } = await mongoose.connection.asPromise();
  for (const { name } of (await db?.collections())?.map((c) => ({ name: c.collectionName })) ??
    []) {
    await db?.dropCollection(name);
  }
}

async function migrated(): Promise<unknown[]> {
  const done = mongoose.connection.collection<{ _id: string }>("migrations");
  return (await done.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
}

describe("the database", () => {
  after(shutDown);

  it("is brought up to date by two processes at the same time", async () => {
    await emptyDatabase();
    const exits = [migrate(), migrate()].map((child) => once(child, "exit"));
    assert.deepEqual(
      (await Promise.all(exits)).map(([code]) => code),
      [0, 0],
    );
    assert.deepEqual(await migrated(), (await readdir("migrations")).toSorted());
  });

  it("is brought up to date after a migration was killed, wherever that was", async () => {
    for (const ms of [200, 300, 400, 500]) {
      await emptyDatabase();
      const killed = migrate();
      await wait(ms);
      killed.kill("SIGKILL");
      const [code] = await once(migrate(), "exit");
      assert.equal(code, 0, `killed after ${ms} ms`);
    }
    assert.deepEqual(await migrated(), (await readdir("migrations")).toSorted());
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
      assert.equal(databaseUrl.safeParse(url).success, valid);
    });
  }
});
