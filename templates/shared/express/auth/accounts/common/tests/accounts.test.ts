import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { isConflict } from "../src/db.ts";
import * as repository from "../src/features/accounts/accounts.repository.ts";
import { startApp, type TestApp } from "./support/app.ts";
import {
  continued,
  csrfHeaders,
  deleteAccount,
  emailOf,
  PASSWORD,
  signIn,
} from "./support/sign-in.ts";

describe("accounts", () => {
  let app: TestApp;
  let anyone: Record<string, string>;

  before(async () => {
    app = await startApp();
    anyone = await csrfHeaders(app);
  });

  const post = (path: string, json: unknown, headers = anyone) =>
    app.send("POST", `/api/v1/auth/${path}`, { json, headers });
  const me = (headers: Record<string, string>) => app.send("GET", "/api/v1/auth/me", { headers });

  it("do not tell by the response whether an address is known", async () => {
    const unknown = await post("login", { email: "nobody@example.com", password: PASSWORD });
    await signIn(app, "ann");
    const wrong = await post("login", { email: emailOf("ann"), password: "not this one" });
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
    assert.equal((await me(continued(here, changed))).status, 200);
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
    assert.equal((await me(await signIn(app, "fred"))).status, 200); // the address is free again
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
