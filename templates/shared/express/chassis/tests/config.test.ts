import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigError, loadConfig } from "../src/config.ts";
import { testEnvironment } from "./support/app.ts";

function problems(changes: Record<string, string | undefined>): string {
  try {
    loadConfig({ ...testEnvironment, ...changes });
    return "";
  } catch (error) {
    assert(error instanceof ConfigError);
    return error.message;
  }
}

describe("configuration", () => {
  it("has defaults for all but the database and the secret", () => {
    const { DATABASE_URL, SECRET_KEY, CACHE_URL } = testEnvironment;
    const config = loadConfig({ APP_ENV: "test", DATABASE_URL, SECRET_KEY, CACHE_URL });
    assert.equal(config.PORT, 3000);
    assert.equal(config.RATE_LIMIT, 300);
    assert.equal(config.MAX_BODY_BYTES, 1_048_576);
    assert.deepEqual(config.CORS_ORIGINS, []);
  });

  it("names everything that is missing or wrong, one line each", () => {
    const text = problems({
      DATABASE_URL: undefined,
      SECRET_KEY: "",
      PORT: "http",
      LOG_LEVEL: "loud",
    });
    const names = text.split("\n").map((line) => line.split(":")[0]);
    assert.deepEqual(names.sort(), ["DATABASE_URL", "LOG_LEVEL", "PORT", "SECRET_KEY"]);
  });

  const wrong = {
    APP_ENV: "staging",
    PORT: "65536",
    PUBLIC_URL: "https://example.com/links",
    DATABASE_URL: "oracle://db",
    CORS_ORIGINS: "https://a.test/path",
    TRUSTED_PROXIES: "10.0.0.0/33",
    MAX_BODY_BYTES: "1e6",
    RATE_LIMIT: "-1",
    DOCS_ENABLED: "yes",
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuses ${name}=${value}`, () => {
      assert.match(problems({ [name]: value }), new RegExp(`^${name}: `));
    });
  }

  it("refuses a short or well-known secret in production", () => {
    for (const SECRET_KEY of ["short", "change-me-to-32-random-characters"]) {
      assert.match(problems({ APP_ENV: "production", SECRET_KEY }), /^SECRET_KEY: /);
    }
  });

  it("wants to be told in production where it is to be found", () => {
    const { PUBLIC_URL: _here, ...rest } = testEnvironment;
    assert.equal(loadConfig(rest).PUBLIC_URL, "http://localhost:3000");
    assert.match(problems({ APP_ENV: "production", PUBLIC_URL: "" }), /^PUBLIC_URL: /m);
  });

  it("hides the documentation in production unless told otherwise", () => {
    const production = { ...testEnvironment, APP_ENV: "production" };
    assert.equal(loadConfig(production).DOCS_ENABLED, false);
    assert.equal(loadConfig({ ...production, DOCS_ENABLED: "true" }).DOCS_ENABLED, true);
  });

  it("drops the slash at the end of PUBLIC_URL", () => {
    const config = loadConfig({ ...testEnvironment, PUBLIC_URL: "https://short.test/" });
    assert.equal(config.PUBLIC_URL, "https://short.test");
  });
});
