import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { list } from "../src/features/events/events.repository.ts";
import { appearance, type Headers, startAccounts } from "./support/accounts.ts";
import { idOf, onlyAdmins } from "./support/admins.ts";
import { tokenFor } from "./support/mails.ts";
import { deleteAccount, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const { app, anyone, send, post, read, logIn } = await startAccounts();
const setActive = async (name: string, active: boolean) => {
  await signIn(app, "root");
  await onlyAdmins("root");
  const headers = await signIn(app, "root");
  const path = `/api/v1/users/${await idOf(name)}`;
  assert.equal((await app.send("PATCH", path, { json: { active }, headers })).status, 200);
};

describe("a log-in", () => {
  it("to a deactivated account is refused by name only with the right password", async () => {
    await signIn(app, "ines");
    await setActive("ines", false);
    const attempt = (email: string, password: string) => send("login", { email, password });
    const right = await attempt(emailOf("ines"), PASSWORD);
    assert.equal(right.status, 403);
    assert.match(await right.text(), /\/problems\/account-inactive/);
    const wrong = await appearance(await attempt(emailOf("ines"), "not this one"));
    assert.equal(wrong.status, 401);
    assert.deepEqual(await appearance(await attempt("no-one@example.com", "not this one")), wrong);
    await setActive("ines", true);
    assert.equal(await logIn(emailOf("ines")), 200);
  });

  it("does not become possible by a new password when the account is deactivated", async () => {
    await signIn(app, "jana");
    await setActive("jana", false);
    await post("forgot-password", { email: emailOf("jana") });
    const newPassword = "another long passphrase";
    const token = await tokenFor(emailOf("jana"));
    assert.equal(await post("reset-password", { token, newPassword }), 204);
    assert.equal(await logIn(emailOf("jana"), newPassword), 403);
  });

  it("is refused for a while after five failures, however they spell the address", async () => {
    await signIn(app, "kurt");
    for (const email of ["kurt", "KURT", "Kurt", "kurt", "kURT"].map(emailOf)) {
      assert.equal(await logIn(email, "not this one"), 401);
    }
    const refused = await send("login", { email: emailOf("kurt"), password: PASSWORD });
    assert.equal(refused.status, 429);
    assert(Number(refused.headers.get("retry-after")) >= 1);
    await signIn(app, "lena");
  });
});

describe("the owner's trail", () => {
  const trail = async (headers: Headers) => {
    const { body } = await read("events", headers);
    return (body as { items: { type: string; userAgent: string | null }[] }).items.reverse();
  };

  it("tells what happened to the account, and from which device", async () => {
    const email = "trail@example.com";
    const device = { ...anyone, "User-Agent": "the owner's browser" };
    await post("signup", { email, password: PASSWORD, name: "Tess" }, device);
    await post("verify-email", { token: await tokenFor(email) }, device);
    await post("login", { email, password: PASSWORD }, device);
    await post("forgot-password", { email }, device);
    const reset = { token: await tokenFor(email), newPassword: PASSWORD };
    await post("reset-password", reset, device);
    await setActive("trail", false);
    await setActive("trail", true);
    const events = await trail(await signIn(app, "trail"));
    assert.deepEqual(
      events.map(({ type, userAgent }) => [type, userAgent]),
      [
        ["account-created", device["User-Agent"]],
        ["logged-in", device["User-Agent"]],
        ["password-reset", device["User-Agent"]],
        ["account-deactivated", null],
        ["account-activated", null],
        ["logged-in", "node"],
      ],
    );
  });

  it("names the device in the list of sessions, too", async () => {
    const device = { ...anyone, "User-Agent": "the owner's telephone" };
    const headers = await signIn(app, "mona");
    await post("login", { email: emailOf("mona"), password: PASSWORD }, device);
    const { body } = await read("sessions", headers);
    const [latest] = (body as { items: { userAgent: string }[] }).items;
    assert.equal(latest?.userAgent, device["User-Agent"]);
  });

  it("is erased with the account", async () => {
    const headers = await signIn(app, "nora");
    const id = await idOf("nora");
    assert.equal((await list(id, 10)).length, 2);
    await deleteAccount(app, headers);
    assert.deepEqual(await list(id, 10), []);
  });
});
