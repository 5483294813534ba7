import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { changeMember, getMember } from "../src/features/users/users.service.ts";
import { idOf, onlyAdmins } from "./support/admins.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

type Headers = Record<string, string>;
interface User {
  id: string;
  email: string;
  role: string;
  active: boolean;
}
interface Page {
  items: User[];
  nextCursor: string | null;
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
    await signIn(app, "under_score");
    assert.deepEqual(await found("?q=under_score"), [emailOf("under_score")]);
    assert.deepEqual(await found("?q=under__core"), []);
    assert.deepEqual(await found("?role=admin"), [emailOf("root")]);
    assert(!(await found("?role=user&limit=100")).includes(emailOf("root")));
    assert.equal((await list(root, "?role=king")).status, 422);
  });

  it("come page by page, the newest first", async () => {
    await signIn(app, "latest");
    const first = (await (await list(root, "?limit=1")).json()) as Page;
    assert.equal(first.items[0]?.email, emailOf("latest"));
    const rest = (await (await list(root, `?limit=100&cursor=${first.nextCursor}`)).json()) as Page;
    assert(!rest.items.some(({ email }) => email === emailOf("latest")));
  });

  it("come once each when all pages are read, and with nothing that is secret", async () => {
    for (const name of ["page-1", "page-2", "page-3"]) await signIn(app, name);
    const seen: User[] = [];
    let cursor: string | null = "";
    while (cursor !== null && seen.length < 10) {
      const after = cursor && `&cursor=${cursor}`;
      const page = (await (await list(root, `?q=page-&limit=2${after}`)).json()) as Page;
      assert(page.items.length <= 2);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    const expected = ["page-3", "page-2", "page-1"].map(emailOf);
    assert.deepEqual(
      seen.map(({ email }) => email),
      expected,
    );
    const members = ["active", "createdAt", "email", "id", "name", "role"];
    assert.deepEqual(Object.keys(seen[0] ?? {}).sort(), members);
    for (const query of ["?limit=0", "?limit=101", "?cursor=nonsense"]) {
      assert.equal((await list(root, query)).status, 422, query);
    }
  });

  it("get and lose a role at once", async () => {
    const id = await idOf("ann");
    assert.equal((await patch(root, id, { role: "admin" })).status, 200);
    assert.equal((await list(ann)).status, 200);
    assert.equal((await patch(root, id, { role: "user" })).status, 200);
    assert.equal((await list(ann)).status, 403);
    assert.equal((await me(ann)).status, 200);
  });

  it("are signed out at once when they are deactivated, and come back by a new log-in", async () => {
    const ben = await signIn(app, "ben");
    const id = await idOf("ben");
    assert.equal((await patch(root, id, { active: false })).status, 200);
    assert.equal((await me(ben)).status, 401);
    assert.equal((await patch(root, id, { active: true })).status, 200);
    assert.equal((await me(ben)).status, 401);
    assert.equal((await me(await signIn(app, "ben"))).status, 200);
  });

  it("are changed only in the version that the client has read", async () => {
    const id = await idOf("ann");
    const read = await app.send("GET", `/api/v1/users/${id}`, { headers: root });
    const tag = { "If-Match": read.headers.get("etag") ?? "" };
    const answers = await Promise.all([1, 2].map(() => patch(root, id, { role: "admin" }, tag)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
    assert.equal((await patch(root, id, { role: "user" }, tag)).status, 412);
    const none = { "If-Match": 'W/"1", "x"' };
    assert.equal((await patch(root, id, { role: "user" }, none)).status, 412);
    const changed = await patch(root, id, { role: "user" }, { "If-Match": "*" });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("etag"), tag["If-Match"]);
  });

  it("are 404 when they are not there, and 422 with a change that is not allowed", async () => {
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
    await onlyAdmins("root"); // who may be deactivated, and signs in before the next test
  });

  it("keep one of two admins who delete their accounts at the same moment", async () => {
    for (const name of ["quin", "remo"]) await signIn(app, name);
    await onlyAdmins("quin", "remo");
    const json = { password: PASSWORD };
    const leave = async (name: string) => {
      const headers = await signIn(app, name);
      const response = await app.send("DELETE", "/api/v1/auth/me", { json, headers });
      return { headers, status: response.status };
    };
    const both = await Promise.all(["quin", "remo"].map(leave));
    assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
    const kept = both.find(({ status }) => status === 409);
    assert.equal((await list(kept?.headers ?? {})).status, 200); // an admin still, with the session
  });
});
