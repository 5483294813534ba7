import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connect, databaseUrl } from "../src/database-url.ts";

const issues = (url: string) =>
  databaseUrl.safeParse(url).error?.issues.map((issue) => issue.message);

describe("the URL of the database", () => {
  it("is taken apart, its escapes undone", () => {
    const { config } = connect("postgresql://us%40er:p%2Fw@[::1]/mydb?sslmode=disable", 1_000);
    const { username, password, host, database } = config as unknown as Record<string, string>;
    const expected = { username: "us@er", password: "p/w", host: "::1", database: "mydb" };
    assert.deepEqual({ username, password, host, database }, expected);
  });

  it("says whether the connection is encrypted", () => {
    const ssl = (query: string) => {
      const { options } = connect(`postgresql://a:b@db.example/app${query}`, 1_000) as unknown as {
        options: { dialectOptions: { ssl: unknown } };
      };
      return options.dialectOptions.ssl;
    };
    assert.equal(ssl(""), false);
    assert.equal(ssl("?sslmode=disable"), false);
    assert.deepEqual(ssl("?sslmode=require"), { rejectUnauthorized: false });
    assert.deepEqual(ssl("?sslmode=verify-full"), { rejectUnauthorized: true });
  });

  it("may have the parameters that hosters write into it", () => {
    const query = "sslmode=require&connect_timeout=10&channel_binding=prefer";
    assert.equal(issues(`postgresql://a:b@db.example/app?${query}`), undefined);
  });

  it("is refused with the name of a parameter that cannot be honoured", () => {
    for (const parameter of ["channel_binding=require", "sslmode=maybe", "pool=5", "host=other"]) {
      const url = `postgresql://a:b@db.example/app?sslmode=require&${parameter}`;
      assert.deepEqual(issues(url), [`${parameter} is not supported`]);
    }
  });

  for (const url of [
    "postgresql://db.example",
    "postgresql:///app",
    "mysql://db.example/app",
    "postgresql://a:100%@db.example/app",
    "postgresql://db.example:99999/app",
    "postgresql://db.example/app/more",
  ]) {
    it(`may not be "${url}"`, () => assert.equal(issues(url)?.length, 1));
  }
});
