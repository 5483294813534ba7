import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { cache } from "../src/cache.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

describe("a redirect", () => {
  let app: TestApp;
  let ann: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
  });

  async function create(json: object): Promise<{ id: string; code: string }> {
    const body = { url: "https://example.com/", ...json };
    const response = await app.send("POST", "/api/v1/links", { json: body, headers: ann });
    assert.equal(response.status, 201);
    return (await response.json()) as { id: string; code: string };
  }
  const follow = async (code: string, method = "GET") =>
    (await app.send(method, `/${code}`)).status;

  const locationOf = async (url: string) => {
    const { code } = await create({ url });
    return (await app.send("GET", `/${code}`)).headers.get("location");
  };

  it("leads to exactly the URL that was stored, to its last byte", async () => {
    const url = "HTTPS://Example.com:443/a/../b?x=1&y=%20|{}[]^`'()#fragment";
    assert.equal(await locationOf(url), url);
  });

  it("writes what is not ASCII as every client reads it", async () => {
    const pairs = [
      [
        "http://bücher.example:80/café?q=ü#ö",
        "http://xn--bcher-kva.example:80/caf%C3%A9?q=%C3%BC#%C3%B6",
      ],
      ["https://straße.example/\u{1f600}/..", "https://xn--strae-oqa.example/%F0%9F%98%80/.."],
      ["https://example.com/é%20[x]", "https://example.com/%C3%A9%20[x]"],
    ];
    for (const [url = "", location] of pairs) assert.equal(await locationOf(url), location);
  });

  it("is not to be kept by anybody", async () => {
    const { code } = await create({});
    const response = await app.send("GET", `/${code}`);
    assert.equal(response.status, 302);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(await follow(code, "HEAD"), 302);
    assert.equal(await follow(code, "POST"), 405);
  });

  it("wants the code exactly", async () => {
    await create({ code: "Exactly" });
    assert.equal(await follow("Exactly"), 302);
    assert.equal(await follow("exactly"), 404);
    assert.equal(await follow("Exactly/"), 404);
  });

  it("is 404 for what cannot be a code, without asking anyone", async (t) => {
    const asked = t.mock.method(cache, "get");
    for (const code of ["ab", "x".repeat(33), "a.b", "%00%00%00", "%ff%ff%ff", "favicon.ico"]) {
      assert.equal(await follow(code), 404, code);
    }
    assert.equal(asked.mock.callCount(), 0);
  });

  it("knows a code as soon as there is one, although it was just unknown", async () => {
    assert.equal(await follow("not-yet"), 404);
    await create({ code: "not-yet" });
    assert.equal(await follow("not-yet"), 302);
  });

  it("follows every change at once", async () => {
    const { id, code } = await create({});
    const patch = (json: object) =>
      app.send("PATCH", `/api/v1/links/${id}`, { json, headers: ann });
    assert.equal(await follow(code), 302);
    await patch({ enabled: false });
    assert.equal(await follow(code), 410);
    await patch({ enabled: true, url: "https://example.com/new" });
    const response = await app.send("GET", `/${code}`);
    assert.equal(response.headers.get("location"), "https://example.com/new");
    await app.send("DELETE", `/api/v1/links/${id}`, { headers: ann });
    assert.equal(await follow(code), 410);
  });

  it("ends when the link expires, cached or not", async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const { code } = await create({ expiresAt });
    assert.equal(await follow(code), 302);
    await wait(2_050);
    assert.equal(await follow(code), 410);
  });
});
