import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { eventually, startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

interface Session {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  current: boolean;
}

describe("the list of sessions", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  type Headers = Record<string, string>;
  const path = "/api/v1/auth/sessions";
  const list = async (headers: Headers) => {
    const response = await app.send("GET", path, { headers });
    assert.equal(response.status, 200);
    return ((await response.json()) as { items: Session[] }).items;
  };
  const currentId = async (headers: Headers) =>
    (await list(headers)).find(({ current }) => current)?.id ?? "";
  const end = async (headers: Headers, id = "") =>
    (await app.send("DELETE", id ? `${path}/${id}` : path, { headers })).status;
  const me = async (headers: Headers) =>
    (await app.send("GET", "/api/v1/auth/me", { headers })).status;

  it("has the newest first and the current one marked", async () => {
    const [first, second] = [await signIn(app, "una"), await signIn(app, "una")];
    const found = await list(first);
    assert.deepEqual(
      found.map(({ current }) => current),
      [false, true],
    );
    assert.equal(found[0]?.id, await currentId(second));
  });

  it("ends them one by one, for their owner only", async () => {
    const [here, there] = [await signIn(app, "vera"), await signIn(app, "vera")];
    const other = await signIn(app, "will");
    const id = await currentId(there);
    assert.equal(await end(other, id), 404);
    assert.equal(await me(there), 200);
    assert.equal(await end(here, id), 204);
    assert.equal(await me(there), 401);
    assert.equal(await end(here, id), 404);
    assert.equal(await end(here, "nonsense"), 404);
    assert.equal(await me(here), 200);
  });

  it("ends them all, this one too", async () => {
    const [here, there] = [await signIn(app, "xaver"), await signIn(app, "xaver")];
    assert.equal(await end(here), 204);
    assert.equal(await me(here), 401);
    assert.equal(await me(there), 401);
  });

  it("notes their use once a minute", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const headers = await signIn(app, "zoe");
    const lastSeen = async () => (await list(headers))[0]?.lastSeenAt;
    const at = (ms: number) => new Date(ms).toISOString();
    const begun = Date.now();
    await until(async () => assert.equal(await lastSeen(), at(begun)));
    t.mock.timers.tick(59_000);
    for (let i = 0; i < 5; i += 1) assert.equal(await lastSeen(), at(begun));
    t.mock.timers.tick(1_000);
    await until(async () => assert.equal(await lastSeen(), at(begun + 60_000)));
  });

  it("is for whoever is signed in, and cannot be written", async () => {
    assert.equal((await app.send("GET", path)).status, 401);
    const headers = await signIn(app, "zeno");
    const response = await app.send("PUT", path, { json: {}, headers });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, DELETE, HEAD");
    const [session] = await list(headers);
    const members = ["createdAt", "current", "id", "lastSeenAt", "userAgent"];
    assert.deepEqual(Object.keys(session ?? {}).sort(), members);
  });

  it("notes their use, after the response", async () => {
    const headers = await signIn(app, "yves");
    await me(headers);
    await eventually(async () => {
      const [session] = await list(headers);
      assert(session && session.lastSeenAt >= session.createdAt);
    });
  });
});

/** Tries a number of times: where the clock is stopped, no deadline comes. */
async function until(check: () => Promise<void>): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    if (
      await check().then(
        () => true,
        () => false,
      )
    )
      return;
  }
  await check();
}
