import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { databaseSettings, dialectOptions } from "../src/dialect.ts";

interface PgOptions {
  ssl?: unknown;
}

describe("the URL of the database", () => {
  it("is taken apart, its escapes undone", () => {
    const options = dialectOptions("postgresql://us%40er:p%2Fw@[::1]/my%20db");
    const { username, password, host, port, database } = options;
    const expected = { username: "us@er", password: "p/w", host: "::1", port: 5432 };
    assert.deepEqual({ username, password, host, port }, expected);
    assert.equal(database, "my db");
  });

  it("says whether the connection is encrypted", () => {
    const ssl = (query: string) =>
      (dialectOptions(`postgresql://a:b@db.example/app${query}`).dialectOptions as PgOptions).ssl;
    assert.equal(ssl(""), undefined);
    assert.equal(ssl("?sslmode=disable"), false);
    assert.deepEqual(ssl("?sslmode=require"), { rejectUnauthorized: false });
    assert.deepEqual(ssl("?sslmode=verify-full"), { rejectUnauthorized: true });
  });

  for (const url of [
    "postgresql://db.example",
    "postgresql:///app",
    "mysql://db.example/app",
    "postgresql://a:100%@db.example/app",
    "postgresql://db.example:99999/app",
    "postgresql://db.example/app?sslmode=maybe",
    "postgresql://db.example/app?pool=5",
  ]) {
    it(`may not be "${url}"`, () => {
      assert.equal(databaseSettings.DATABASE_URL.safeParse(url).success, false);
    });
  }
});
