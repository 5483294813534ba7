import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { findUserByEmail } from "../src/features/accounts/accounts.repository.ts";
import { changeMember, getMember, listMembers } from "../src/features/users/users.service.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

type Headers = Record<string, string>;
interface User {
  id: string;
  email: string;
  role: string;
  active: boolean;
}

async function idOf(name: string): Promise<string> {
  const user = await findUserByEmail(emailOf(name));
  assert(user);
  return user.id;
}

/** Nobody is an admin but these. */
async function onlyAdmins(...names: string[]): Promise<void> {
  for (const name of names) await changeMember(await idOf(name), { role: "admin", active: true });
  const { items } = await listMembers({ role: "admin", limit: 100 });
  const others = items.filter(({ email }) => !names.map(emailOf).includes(email));
  for (const { id } of others) await changeMember(id, { role: "user" });
}

describe("users", () => {
  let app: TestApp;
  let root: Headers;
  let ann: Headers;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
  });

  beforeEach(async () => {
    await signIn(app, "root");
    await onlyAdmins("root");
    root = await signIn(app, "root");
  });

  const list = (headers: Headers, query = "") =>
    app.send("GET", `/api/v1/users${query}`, { headers });
  const patch = (headers: Headers, id: string, json: object, more: Headers = {}) =>
    app.send("PATCH", `/api/v1/users/${id}`, { json, headers: { ...headers, ...more } });
  const me = (headers: Headers) => app.send("GET", "/api/v1/auth/me", { headers });

  it("are for admins only, whatever the request asks", async () => {
    assert.equal((await list({})).status, 401);
    for (const query of ["", "?limit=x"]) assert.equal((await list(ann, query)).status, 403);
    assert.equal((await patch(ann, await idOf("ann"), { role: "admin" })).status, 403);
    assert.equal((await list(root)).status, 200);
  });

  it("are found by a part of the address or name, which is text and no pattern", async () => {
    await signIn(app, "needle");
    const found = async (query: string) => {
      const { items } = (await (await list(root, query)).json()) as { items: User[] };
      return items.map(({ email }) => email);
    };
    assert.deepEqual(await found("?q=EEDLE@"), [emailOf("needle")]);
    assert.deepEqual(await found("?q=n%25dle"), []);
    assert.deepEqual(await found("?q=n.*dle"), []);
    assert.deepEqual(await found("?role=admin"), [emailOf("root")]);
    assert(!(await found("?role=user&limit=100")).includes(emailOf("root")));
    assert.equal((await list(root, "?role=king")).status, 422);
  });

  it("come page by page, the newest first", async () => {
    await signIn(app, "latest");
    const first = (await (await list(root, "?limit=1")).json()) as {
      items: User[];
      nextCursor: string;
    };
    assert.equal(first.items[0]?.email, emailOf("latest"));
    const rest = (await (await list(root, `?limit=100&cursor=${first.nextCursor}`)).json()) as {
      items: User[];
    };
    assert(!rest.items.some(({ email }) => email === emailOf("latest")));
  });

  it("get and lose a role at once", async () => {
    const id = await idOf("ann");
    assert.equal((await patch(root, id, { role: "admin" })).status, 200);
    assert.equal((await list(ann)).status, 200);
    assert.equal((await patch(root, id, { role: "user" })).status, 200);
    assert.equal((await list(ann)).status, 403);
    assert.equal((await me(ann)).status, 200);
  });

  it("that are deactivated are out at once, and come back with a new log-in", async () => {
    const ben = await signIn(app, "ben");
    const id = await idOf("ben");
    assert.equal((await patch(root, id, { active: false })).status, 200);
    assert.equal((await me(ben)).status, 401);
    assert.equal((await patch(root, id, { active: true })).status, 200);
    assert.equal((await me(ben)).status, 401);
    assert.equal((await me(await signIn(app, "ben"))).status, 200);
  });

  it("are changed in the version that was read", async () => {
    const id = await idOf("ann");
    const read = await app.send("GET", `/api/v1/users/${id}`, { headers: root });
    const tag = { "If-Match": read.headers.get("etag") ?? "" };
    const answers = await Promise.all([1, 2].map(() => patch(root, id, { role: "admin" }, tag)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
    assert.equal((await patch(root, id, { role: "user" })).status, 200);
  });

  it("that are not there are 404, and what is no change 422", async () => {
    assert.equal((await patch(root, crypto.randomUUID(), {})).status, 404);
    assert.equal((await patch(root, "nonsense", {})).status, 404);
    const id = await idOf("ann");
    for (const json of [{ role: "king" }, { active: "no" }, { email: "x@example.com" }]) {
      assert.equal((await patch(root, id, json)).status, 422);
    }
    const { version } = await getMember(id);
    assert.equal((await patch(root, id, {})).status, 200);
    assert.equal((await getMember(id)).version, version);
  });

  it("keep their last admin", async () => {
    const id = await idOf("root");
    assert.equal((await patch(root, id, { role: "user" })).status, 409);
    assert.equal((await patch(root, id, { active: false })).status, 409);
    const json = { password: PASSWORD };
    const gone = await app.send("DELETE", "/api/v1/auth/me", { json, headers: root });
    assert.equal(gone.status, 409);
    await changeMember(await idOf("ann"), { role: "admin", active: false });
    assert.equal((await patch(root, id, { role: "user" })).status, 409);
    await changeMember(await idOf("ann"), { role: "user", active: true });
    ann = await signIn(app, "ann");
  });

  it("keep one of two admins who demote each other at the same moment", async () => {
    for (const change of [{ role: "user" }, { active: false }]) {
      await onlyAdmins("root", "ann");
      ann = await signIn(app, "ann");
      root = await signIn(app, "root");
      const [one, two] = [await idOf("root"), await idOf("ann")];
      const answers = await Promise.all([patch(root, two, change), patch(ann, one, change)]);
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      const members = await Promise.all([getMember(one), getMember(two)]);
      assert.equal(members.filter(({ role, active }) => role === "admin" && active).length, 1);
    }
  });
});
