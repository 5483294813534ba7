import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { isConflict } from "../src/db.ts";
import * as repository from "../src/features/accounts/accounts.repository.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { csrfHeaders, deleteAccount, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

describe("accounts", () => {
  let app: TestApp;
  let anyone: Record<string, string>;

  before(async () => {
    app = await startApp();
    anyone = await csrfHeaders(app);
  });

  const post = (path: string, json: unknown, headers = anyone) =>
    app.send("POST", `/api/v1/auth/${path}`, { json, headers });
  const signUp = (changes: object) =>
    post("signup", { email: "ann@example.com", password: PASSWORD, name: "Ann", ...changes });
  const me = (headers: Record<string, string>) => app.send("GET", "/api/v1/auth/me", { headers });

  it("are made by signing up, which shows no password and does not sign in", async () => {
    const response = await signUp({ name: "  Ann " });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const user = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(user).sort(), ["createdAt", "email", "id", "name"]);
    assert.equal(user["name"], "Ann");
    assert.equal((await me({})).status, 401);
  });

  it("have an address each, whatever its case and Unicode form", async () => {
    assert.equal((await signUp({ email: "bob@straße.example" })).status, 201);
    for (const email of ["BOB@STRASSE.example", "bob@ｓｔｒａｓｓｅ.example"]) {
      assert.equal((await signUp({ email })).status, 409, email);
    }
    const both = await Promise.all([1, 2].map(() => signUp({ email: "twins@example.com" })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
  });

  const refused: object[] = [
    { email: "no-at-sign" },
    { email: "two@@example.com" },
    { email: `${"x".repeat(250)}@example.com` },
    { email: { $gt: "" } },
    { password: "seven77" },
    { password: "x".repeat(129) },
    { password: "Password123" },
    { name: "  " },
    { name: "x".repeat(101) },
    { name: "a\u0007b" },
    { role: "admin" },
  ];
  for (const changes of refused) {
    it(`cannot be made with ${JSON.stringify(changes).slice(0, 40)}`, async () => {
      const response = await signUp({ email: "carl@example.com", ...changes });
      assert.equal(response.status, 422);
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      assert.equal(errors[0]?.field, Object.keys(changes)[0]);
    });
  }

  it("count characters, not bytes", async () => {
    const password = "\u{1f511}".repeat(8);
    assert.equal((await signUp({ email: "keys@example.com", password })).status, 201);
    const short = "\u{1f511}".repeat(7);
    assert.equal((await signUp({ email: "few@example.com", password: short })).status, 422);
  });

  it("do not tell by the response whether an address is known", async () => {
    const unknown = await post("login", { email: "nobody@example.com", password: PASSWORD });
    const wrong = await post("login", { email: "ann@example.com", password: "not this one" });
    assert.equal(unknown.status, 401);
    assert.equal(wrong.status, 401);
    assert.equal(await unknown.text(), await wrong.text());
  });

  it("are not looked for with an address or a password longer than any can be", async () => {
    const known = { email: emailOf("ann"), password: PASSWORD };
    for (const changes of [{ email: "x".repeat(255) }, { password: "x".repeat(129) }]) {
      assert.equal((await post("login", { ...known, ...changes })).status, 422);
    }
  });

  it("show themselves to their owner", async () => {
    const headers = await signIn(app, "dora");
    const user = (await (await me(headers)).json()) as Record<string, unknown>;
    assert.equal(user["email"], emailOf("dora"));
  });

  it("change their password with the old one, which ends every other session", async () => {
    const here = await signIn(app, "eve");
    const there = await signIn(app, "eve");
    const newPassword = "another long passphrase";
    for (let i = 0; i < 6; i += 1) {
      const wrong = await post("password", { currentPassword: "not this one", newPassword }, here);
      assert.equal(wrong.status, 403);
      assert.match(await wrong.text(), /\/problems\/wrong-password/);
    }

    const changed = await post("password", { currentPassword: PASSWORD, newPassword }, here);
    assert.equal(changed.status, 204);
    assert.equal((await me(here)).status, 200);
    assert.equal((await me(there)).status, 401);
    const old = await post("login", { email: emailOf("eve"), password: PASSWORD });
    assert.equal(old.status, 401);
    const now = await post("login", { email: emailOf("eve"), password: newPassword });
    assert.equal(now.status, 200);
  });

  it("end with all their sessions", async () => {
    const here = await signIn(app, "fred");
    const there = await signIn(app, "fred");
    await deleteAccount(app, here);
    assert.equal((await me(here)).status, 401);
    assert.equal((await me(there)).status, 401);
    assert.equal((await post("login", { email: emailOf("fred"), password: PASSWORD })).status, 401);
    assert.equal((await signUp({ email: emailOf("fred") })).status, 201);
  });

  it("leave no session behind that began while they were being deleted", async () => {
    const [userId, id] = [crypto.randomUUID(), crypto.randomUUID()];
    const session = { id, userId, key: "key", expiresAt: new Date() };
    const email = "late@example.com";
    const user = { id: userId, email, emailKey: email, name: "Late", passwordHash: "" };
    await repository.insertUser(user);
    await repository.insertSession(session);
    await repository.deleteUser(userId);
    assert.equal(await repository.findSession(id), null);
    await assert.rejects(repository.insertSession(session), isConflict);
    assert.equal(await repository.findSession(id), null);
  });

  it("end at once for this session when it logs out, and only for this one", async () => {
    const here = await signIn(app, "gail");
    const there = await signIn(app, "gail");
    const response = await app.send("POST", "/api/v1/auth/logout", { headers: here });
    assert.equal(response.status, 204);
    assert.equal((await me(here)).status, 401);
    assert.equal((await me(there)).status, 200);
  });
});
