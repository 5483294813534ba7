import assert from "node:assert/strict";
import { request } from "node:http";
import { before, describe, it } from "node:test";
import express from "express";
import createError from "http-errors";
import { errorHandler } from "../src/http/errors.ts";
import { readinessChecks } from "../src/lifecycle.ts";
import { log } from "../src/logger.ts";
import { listen, startApp, type TestApp } from "./support/app.ts";

describe("every response", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  it("has the security headers and does not say what made it", async () => {
    for (const path of ["/health", "/unknown/path", "/docs"]) {
      const { headers } = await app.send("GET", path);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(headers.get("x-powered-by"), null);
      assert.equal(headers.get("strict-transport-security"), null); // only in production
    }
  });

  it("has a request id: the client's own if it is a sane one", async () => {
    const own = await app.send("GET", "/health", { headers: { "X-Request-Id": "abc.DEF_1-2" } });
    assert.equal(own.headers.get("x-request-id"), "abc.DEF_1-2");
    for (const bad of ["a b", "x".repeat(129), "a\tb"]) {
      const other = await app.send("GET", "/health", { headers: { "X-Request-Id": bad } });
      assert.match(other.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    }
  });

  it("to an unknown path is a 404 problem", async () => {
    const response = await app.send("GET", "/api/v1/nothing");
    assert.equal(response.status, 404);
    assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
    const body = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(body), ["type", "title", "status", "detail"]);
    assert.equal(body["type"], "/problems/not-found");
  });

  it("to a path with broken escapes, other case or a slash more is 404", async () => {
    const paths = ["/%ff", "/%", "/api/v1/%c0%80", "/Health", "/health/", "/HEALTH"];
    for (const path of paths) assert.equal((await app.send("GET", path)).status, 404, path);
  });

  it("to a known path with another method is 405 and says which there are", async () => {
    for (const method of ["POST", "DELETE", "PUT"]) {
      const response = await app.send(method, "/health");
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET, HEAD");
    }
    assert.equal(await trace(app.url), 405);
  });

  it("to HEAD is that to GET without the body", async () => {
    const response = await app.send("HEAD", "/health");
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
    assert.equal(response.headers.get("content-length"), "15");
  });

  it("to a failure is 500 and tells nothing of it, but the log does", async (t) => {
    const lines = t.mock.method(log, "error", () => undefined);
    const failing = express();
    failing.get("/fails", () => {
      throw new Error("the password is hunter2");
    });
    failing.get("/internal", () => {
      throw createError(502, "the password is hunter2");
    });
    failing.use(errorHandler);
    const { send } = await listen(failing);
    for (const path of ["/fails", "/internal"]) {
      const response = await send("GET", path);
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /hunter2|Error:|\.ts/);
    }
    assert.equal(lines.mock.callCount(), 2);
  });
});

describe("operations", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  it("/health and /ready tell how it is", async () => {
    assert.deepEqual(await (await app.send("GET", "/health")).json(), { status: "ok" });
    assert.deepEqual(await (await app.send("GET", "/ready")).json(), { status: "ready" });
  });

  it("/ready names what is down", async () => {
    readinessChecks["mail"] = () => Promise.reject(new Error("down"));
    const response = await app.send("GET", "/ready");
    delete readinessChecks["mail"];
    assert.equal(response.status, 503);
    assert.match(await response.text(), /Cannot reach: mail\./);
  });

  it("/openapi.json describes each operation, with its success and its problems", async () => {
    const document = (await (await app.send("GET", "/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { summary: string; responses: object }>>;
    };
    assert.match(document.openapi, /^3\.1/);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    assert(operations.length > 2);
    for (const { summary, responses } of operations) {
      const [status, ...others] = Object.keys(responses);
      assert.match(status ?? "", /^[23]/, summary);
      assert.deepEqual(others, ["default"], summary);
    }
  });

  it("/openapi.json has patterns without flags, which it could not say", async () => {
    const text = await (await app.send("GET", "/openapi.json")).text();
    for (const [, pattern] of text.matchAll(/"pattern":"([^"]*)"/g)) {
      assert.match(pattern ?? "", /^\^.*\$$/);
    }
  });

  it("/openapi.json with another method is 405", async () => {
    const response = await app.send("POST", "/openapi.json");
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, HEAD");
  });

  it("/docs is a page that needs nothing from elsewhere", async () => {
    const page = await (await app.send("GET", "/docs")).text();
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
    for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.equal((await app.send("GET", path ?? "")).status, 200, path);
    }
  });

  it("/ shows where to begin", async () => {
    const response = await app.send("GET", "/");
    assert.equal(response.status, 200);
    assert.match(await response.text(), /href="\/docs"/);
  });

  it("the pages are not there in production, unless the documentation is wanted", async () => {
    const production = await startApp({ APP_ENV: "production", DOCS_ENABLED: false });
    for (const path of ["/", "/docs", "/docs/docs.js", "/openapi.json"]) {
      const response = await production.send("GET", path);
      assert.equal(response.status, 404, path);
      assert(response.headers.has("strict-transport-security"));
    }
    const documented = await startApp({ APP_ENV: "production", DOCS_ENABLED: true });
    assert.equal((await documented.send("GET", "/docs")).status, 200);
  });
});

/** `fetch` refuses to send it. */
function trace(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/health`, { method: "TRACE" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
