import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { appearance, startAccounts } from "./support/accounts.ts";
import { mailsTo, tokenFor } from "./support/mails.ts";
import { continued, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const NEW = "another long passphrase";

const { app, anyone, send, post, signUp, logIn, isSignedIn } = await startAccounts();
const forgot = async (email: string) => {
  assert.equal(await post("forgot-password", { email }), 202);
  return tokenFor(email);
};
const reset = (token: string, newPassword = NEW) => post("reset-password", { token, newPassword });

describe("a forgotten password", () => {
  it("is replaced by a new one, which ends every session", async () => {
    const [here, there] = [await signIn(app, "rita"), await signIn(app, "rita")];
    assert.equal(await reset(await forgot(emailOf("rita"))), 204);
    assert.equal(await isSignedIn(here), false);
    assert.equal(await isSignedIn(there), false);
    assert.equal(await logIn(emailOf("rita")), 401);
    assert.equal(await logIn(emailOf("rita"), NEW), 200);
  });

  it("is asked for with the same response for a known, a waiting and an unknown address", async () => {
    await signIn(app, "rosa");
    await signUp("waiting@example.com");
    const ask = async (email: string) => appearance(await send("forgot-password", { email }));
    const known = await ask(emailOf("rosa"));
    assert.equal(known.status, 202);
    for (const email of ["waiting@example.com", "nobody@example.com"]) {
      const before = await mailsTo(email);
      assert.deepEqual(await ask(email), known);
      assert.deepEqual(await mailsTo(email), before);
    }
  });

  it("sends the link to the address of the account, however the request spells it", async () => {
    await signIn(app, "rudi");
    assert.equal(await post("forgot-password", { email: "RUDI@EXAMPLE.COM" }), 202);
    assert.equal((await mailsTo(emailOf("rudi"))).at(-1)?.to, emailOf("rudi"));
  });

  it("accepts one of all mailed links, once, and only with a password that is allowed", async () => {
    await signIn(app, "rolf");
    const [first, second] = [await forgot(emailOf("rolf")), await forgot(emailOf("rolf"))];
    assert.equal(await reset(second, "short"), 422);
    const statuses = await Promise.all([reset(second), reset(second)]);
    assert.deepEqual(statuses.sort(), [204, 410]);
    assert.equal(await reset(first), 410);
  });

  it("does not matter any more to who has changed the password in the meantime", async () => {
    const ruby = await signIn(app, "ruby");
    const token = await forgot(emailOf("ruby"));
    const change = { currentPassword: PASSWORD, newPassword: NEW };
    const changed = await send("password", change, ruby);
    assert.equal(changed.status, 204);
    assert.equal(await reset(token, "what the finder chose"), 410);
    assert(await isSignedIn(continued(ruby, changed)));
    assert.equal(await logIn(emailOf("ruby"), NEW), 200);
  });

  it("ends the links that would move the account to another address", async () => {
    const ralf = await signIn(app, "ralf");
    const newEmail = "thief@new.example";
    assert.equal(await post("email", { newEmail, password: PASSWORD }, ralf), 202);
    assert.equal(await reset(await forgot(emailOf("ralf"))), 204);
    assert.equal(await post("email/confirm", { token: await tokenFor(newEmail) }), 410);
    assert.equal(await logIn(emailOf("ralf"), NEW), 200);
  });

  it("leaves nobody signed in who logs in with the old one at that moment", async () => {
    for (const delay of [0, 10, 20, 40]) {
      const name = `rival-${delay}`;
      await signIn(app, name);
      const token = await forgot(emailOf(name));
      const oldLogIn = async () => {
        await wait(delay);
        return send("login", { email: emailOf(name), password: PASSWORD });
      };
      const [status, response] = await Promise.all([reset(token), oldLogIn()]);
      assert.equal(status, 204);
      if (response.status === 200) {
        const { accessToken = "" } = (await response.json()) as { accessToken?: string };
        const bearer = { ...anyone, Authorization: `Bearer ${accessToken}` };
        assert.equal(await isSignedIn(continued(bearer, response)), false, `after ${delay} ms`);
      }
    }
  });
});
