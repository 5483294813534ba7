import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";

const PATH = "/unknown/path"; // answered with 404, and counted

describe("the rate limit", () => {
  const from = async (app: TestApp, forwarded: string) => {
    const headers = { "X-Forwarded-For": forwarded };
    return (await app.send("GET", PATH, { headers })).status;
  };

  it("refuses what is too much, says when to come back, and spares the probes", async () => {
    const app = await startApp({ RATE_LIMIT: 3 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await app.send("GET", PATH)).status);
    assert.deepEqual(statuses, [404, 404, 404, 429]);

    const refused = await app.send("GET", PATH);
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get("content-type") ?? "", /^application\/problem\+json/);
    const wait = Number(refused.headers.get("retry-after"));
    assert(Number.isInteger(wait) && wait >= 1 && wait <= 60);
    assert.equal((await app.send("GET", "/health")).status, 200);
    assert.equal((await app.send("GET", "/ready")).status, 200);
  });

  it("believes X-Forwarded-For from a trusted proxy only, and then its last untrusted entry", async () => {
    const proxies = ["127.0.0.1", "10.0.0.0/8"];
    const trusting = await startApp({ RATE_LIMIT: 1, TRUSTED_PROXIES: proxies });
    assert.equal(await from(trusting, "1.1.1.1, 2.2.2.2, 10.0.0.7"), 404);
    assert.equal(await from(trusting, "9.9.9.9, 2.2.2.2"), 429); // 2.2.2.2 again
    assert.equal(await from(trusting, "1.1.1.1"), 404);

    const wary = await startApp({ RATE_LIMIT: 1 });
    assert.equal(await from(wary, "1.1.1.1"), 404);
    assert.equal(await from(wary, "2.2.2.2"), 429);
  });

  it("takes a port for no part of the client, and one IPv6 network for one client", async () => {
    const app = await startApp({ RATE_LIMIT: 1, TRUSTED_PROXIES: ["127.0.0.1"] });
    assert.equal(await from(app, "203.0.113.8:40001"), 404);
    assert.equal(await from(app, "203.0.113.8:40002"), 429);
    assert.equal(await from(app, "203.0.113.9"), 404);
    assert.equal(await from(app, "2001:db8:1:2::1"), 404);
    assert.equal(await from(app, "2001:db8:1:2:ffff::9"), 429);
    assert.equal(await from(app, "[2001:db8:1:2::3]:443"), 429);
    assert.equal(await from(app, "2001:db8:1:3::1"), 404);
  });
});

describe("CORS", () => {
  const preflight = (Origin: string) => ({
    headers: { Origin, "Access-Control-Request-Method": "PATCH" },
  });

  it("allows exactly the listed origins", async () => {
    const app = await startApp({ CORS_ORIGINS: ["https://a.test", "https://b.test"] });
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
    }
  });

  it("lets a page read that it sent too much, and does not count the browser's preflights", async () => {
    const app = await startApp({ CORS_ORIGINS: ["https://a.test"], RATE_LIMIT: 1 });
    for (let i = 0; i < 3; i += 1) {
      const { status } = await app.send("OPTIONS", PATH, preflight("https://a.test"));
      assert.equal(status, 204);
    }
    const get = () => app.send("GET", PATH, { headers: { Origin: "https://a.test" } });
    assert.equal((await get()).status, 404);
    const refused = await get();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("access-control-allow-origin"), "https://a.test");
  });

  it("shows scripts the headers that they need, errors included", async () => {
    const app = await startApp({ CORS_ORIGINS: ["https://a.test"] });
    const response = await app.send("GET", PATH, { headers: { Origin: "https://a.test" } });
    assert.equal(response.status, 404);
    assert.equal(response.headers.get("access-control-allow-origin"), "https://a.test");
    assert.match(response.headers.get("access-control-expose-headers") ?? "", /ETag.*X-Request-Id/);
    assert.equal(response.headers.get("vary"), "Origin");
  });
});
