import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { environment } from "../src/config.ts";

const { DATABASE_URL, CACHE_URL, PUBLIC_URL } = process.env;
const SECRET_KEY = "a-secret-of-32-characters-or-more";
const required = { DATABASE_URL, SECRET_KEY, CACHE_URL };

/** What the settings are with these changes, or the names of those that are wrong. */
function check(changes: Record<string, string | undefined>, production = false) {
  const { data, error } = environment(production).safeParse({ ...required, ...changes });
  return { data, wrong: error?.issues.map(({ path }) => path[0]) ?? [] };
}

describe("configuration", () => {
  it("has defaults for all but the servers and the secret", () => {
    const { data } = check({});
    assert.equal(data?.PORT, 3000);
    assert.equal(data.RATE_LIMIT, 300);
    assert.equal(data.MAX_BODY_BYTES, 1_048_576);
    assert.equal(data.PUBLIC_URL, "http://127.0.0.1:3000");
    assert.deepEqual(data.CORS_ORIGINS, []);
  });

  it("names everything that is missing or wrong", () => {
    const changes = {
      DATABASE_URL: undefined,
      SECRET_KEY: undefined,
      PORT: "x",
      LOG_LEVEL: "loud",
    };
    const { wrong } = check(changes);
    assert.deepEqual(wrong.sort(), ["DATABASE_URL", "LOG_LEVEL", "PORT", "SECRET_KEY"]);
  });

  const refused: [name: string, value: string][] = [
    ["APP_ENV", "staging"],
    ["PORT", "65536"],
    ["PUBLIC_URL", "https://example.com/path"],
    ["PUBLIC_URL", "ftp://example.com"],
    ["DATABASE_URL", "oracle://db"],
    ["CORS_ORIGINS", "https://a.test/path"],
    ["CORS_ORIGINS", "https://a.test,nonsense"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "proxy"],
    ["MAX_BODY_BYTES", "1e6"],
    ["RATE_LIMIT", "-1"],
    ["DOCS_ENABLED", "yes"],
  ];
  for (const [name, value] of refused) {
    it(`refuses ${name}=${value}`, () => assert.deepEqual(check({ [name]: value }).wrong, [name]));
  }

  it("takes lists with and without blanks", () => {
    const { data } = check({ TRUSTED_PROXIES: "10.0.0.0/8, ::1,fd00::/8" });
    assert.deepEqual(data?.TRUSTED_PROXIES, ["10.0.0.0/8", "::1", "fd00::/8"]);
  });

  it("writes origins as browsers send them", () => {
    const { data } = check({ CORS_ORIGINS: "https://A.test/,http://b.test:80" });
    assert.deepEqual(data?.CORS_ORIGINS, ["https://a.test", "http://b.test"]);
  });

  it("refuses a short or well-known secret in production", () => {
    for (const secret of ["short", "change-me-to-32-random-characters"]) {
      const { wrong } = check({ PUBLIC_URL, SECRET_KEY: secret }, true);
      assert.deepEqual(wrong, ["SECRET_KEY"]);
    }
  });

  it("wants to be told in production where it is to be found", () => {
    assert.deepEqual(check({}, true).wrong, ["PUBLIC_URL"]);
    assert.equal(check({ PUBLIC_URL: "https://a.test/" }, true).data?.PUBLIC_URL, "https://a.test");
  });

  it("hides the documentation in production unless told otherwise", () => {
    assert.equal(check({ PUBLIC_URL }, true).data?.DOCS_ENABLED, false);
    assert.equal(check({ PUBLIC_URL, DOCS_ENABLED: "true" }, true).data?.DOCS_ENABLED, true);
    assert.equal(check({}).data?.DOCS_ENABLED, true);
  });
});
