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

  it("notes their use, after the response", async () => {
    const headers = await signIn(app, "yves");
    await me(headers);
    await eventually(async () => {
      const [session] = await list(headers);
      assert(session && session.lastSeenAt >= session.createdAt);
    });
  });
});
