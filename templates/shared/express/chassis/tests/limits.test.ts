import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startApp } from "./support/app.ts";
import { probe } from "./support/probe.ts";

const PATH = "/probe/items/00000000-0000-7000-8000-000000000000";

describe("the rate limit", () => {
  it("refuses what is too much, says when to come back, and spares the probes", async () => {
    const app = await startApp({ RATE_LIMIT: "3" }, [probe]);
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await app.send("GET", PATH)).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);

    const refused = await app.send("GET", "/unknown");
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get("retry-after"));
    assert(Number.isInteger(wait) && wait >= 1 && wait <= 60);
    assert.equal((await app.send("GET", "/health")).status, 200);
    assert.equal((await app.send("GET", "/ready")).status, 200);
  });

  it("believes X-Forwarded-For from a trusted proxy only, and then the nearest untrusted entry", async () => {
    const trusting = await startApp({ RATE_LIMIT: "1", TRUSTED_PROXIES: "127.0.0.1,10.0.0.0/8" }, [
      probe,
    ]);
    const from = (app: typeof trusting, header: string) =>
      app.send("GET", PATH, { headers: { "X-Forwarded-For": header } });
    assert.equal((await from(trusting, "1.1.1.1, 2.2.2.2, 10.0.0.7")).status, 200);
    assert.equal((await from(trusting, "9.9.9.9, 2.2.2.2")).status, 429); // 2.2.2.2 again
    assert.equal((await from(trusting, "1.1.1.1")).status, 200);

    const wary = await startApp({ RATE_LIMIT: "1" }, [probe]);
    assert.equal((await from(wary, "1.1.1.1")).status, 200);
    assert.equal((await from(wary, "2.2.2.2")).status, 429);
  });
});

describe("CORS", () => {
  const preflight = (Origin: string) => ({
    headers: { Origin, "Access-Control-Request-Method": "PATCH" },
  });

  it("allows exactly the listed origins", async () => {
    const app = await startApp({ CORS_ORIGINS: "https://a.test, https://b.test" }, [probe]);
    const allowed = await app.send("OPTIONS", PATH, preflight("https://b.test"));
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get("access-control-allow-origin"), "https://b.test");
    assert.match(allowed.headers.get("access-control-allow-methods") ?? "", /PATCH/);

    for (const origin of [
      "https://evil.test",
      "https://a.test.evil.test",
      "http://a.test",
      "null",
    ]) {
      const refused = await app.send("OPTIONS", PATH, preflight(origin));
      assert.equal(refused.headers.get("access-control-allow-origin"), null, origin);
      assert.equal(refused.headers.get("access-control-allow-methods"), null, origin);
    }
  });

  it("lets a page read that it sent too much, and does not count the browser's preflights", async () => {
    const app = await startApp({ CORS_ORIGINS: "https://a.test", RATE_LIMIT: "1" }, [probe]);
    const statuses = [];
    for (let i = 0; i < 3; i += 1) {
      statuses.push((await app.send("OPTIONS", PATH, preflight("https://a.test"))).status);
    }
    assert.deepEqual(statuses, [204, 204, 204]);
    const get = () => app.send("GET", PATH, { headers: { Origin: "https://a.test" } });
    assert.equal((await get()).status, 200);
    const refused = await get();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("access-control-allow-origin"), "https://a.test");
  });

  it("shows scripts the headers that they need, errors included", async () => {
    const app = await startApp({ CORS_ORIGINS: "https://a.test" });
    const answer = await app.send("GET", "/none/here", { headers: { Origin: "https://a.test" } });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get("access-control-allow-origin"), "https://a.test");
    assert.match(answer.headers.get("access-control-expose-headers") ?? "", /ETag.*X-Request-Id/);
    assert.equal(answer.headers.get("vary"), "Origin");
  });
});
