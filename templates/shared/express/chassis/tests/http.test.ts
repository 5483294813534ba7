import assert from "node:assert/strict";
import { request } from "node:http";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { probe } from "./support/probe.ts";

describe("every answer", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp({}, [probe]);
  });

  it("has the security headers and does not say what made it", async () => {
    const { headers } = await app.send("GET", "/health");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-powered-by"), null);
    assert.equal(headers.get("strict-transport-security"), null); // only in production
  });

  it("says what the route says, where that is something else, and once", async () => {
    const { headers } = await app.send("GET", "/probe/kept");
    assert.equal(headers.get("cache-control"), "max-age=60");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
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
    const answer = await app.send("GET", "/api/v1/nothing");
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
    const body = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(body), ["type", "title", "status", "detail"]);
    assert.equal(body["type"], "/problems/not-found");
  });

  it("to a path with broken escapes, other case or a slash more is 404", async () => {
    for (const path of [
      "/%ff",
      "/%",
      "/api/v1/%c0%80",
      "/Health/x",
      "/health/",
      "/probe/items/1",
    ]) {
      assert.equal((await app.send("GET", path)).status, 404, path);
    }
  });

  it("to a known path with another method is 405 and says which there are", async () => {
    for (const method of ["POST", "DELETE", "PUT"]) {
      const answer = await app.send(method, "/health");
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get("allow"), "GET, HEAD");
    }
    assert.equal(await trace(app.url), 405);
  });

  it("to HEAD is that to GET without the body", async () => {
    const answer = await app.send("HEAD", "/health");
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
    assert.equal(answer.headers.get("content-length"), "15");
  });

  it("to OPTIONS names the methods", async () => {
    const answer = await app.send("OPTIONS", "/probe/bodies");
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("allow"), "PATCH");
  });

  it("to a failure is 500 and tells nothing of it", async () => {
    const answer = await app.send("GET", "/probe/fails");
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /hunter2|Error:|\.ts/);
  });
});

describe("operations", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  it("/health and /ready tell how it is", async () => {
    assert.deepEqual(await (await app.send("GET", "/health")).json(), { status: "ok" });
    const ready = await app.send("GET", "/ready");
    assert.deepEqual(await ready.json(), { status: "ready" });
  });

  it("/ready names what is down, also when it only hangs", async () => {
    const broken = await startApp();
    broken.context.db.ping = () => new Promise(() => undefined);
    const answer = await broken.send("GET", "/ready");
    assert.equal(answer.status, 503);
    const body = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(body["dependencies"], { database: "down", cache: "up" });
  });

  it("/openapi.json describes every route, with all its answers", async () => {
    const document = (await (await app.send("GET", "/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    };
    assert.match(document.openapi, /^3\.1/);
    const { identity, features } = app.context;
    const endpoints = [...identity.endpoints, ...features.flatMap((each) => each.endpoints)];
    for (const { path, method, answers } of endpoints) {
      const operation = document.paths[path]?.[method];
      assert(operation, `${method} ${path}`);
      for (const status of [...Object.keys(answers), "429", "500", "503"]) {
        assert(status in operation.responses, `${method} ${path} ${status}`);
      }
    }
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it("/docs is a page that needs nothing from elsewhere", async () => {
    const page = await (await app.send("GET", "/docs")).text();
    assert.match(page, /<h1>/);
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
  });

  it("/docs and /openapi.json are not there in production", async () => {
    const production = await startApp({ APP_ENV: "production" });
    for (const path of ["/docs", "/openapi.json"]) {
      const answer = await production.send("GET", path);
      assert.equal(answer.status, 404);
      assert(answer.headers.has("strict-transport-security"));
    }
  });
});

/** `fetch` refuses to send it. */
function trace(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/health`, { method: "TRACE" }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
