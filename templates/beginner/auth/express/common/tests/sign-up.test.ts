import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { mailsTo, tokenFor, tokenOf } from "./support/mails.ts";
import { csrfHeaders, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

describe("a sign-up", () => {
  let app: TestApp;
  let headers: Record<string, string>;

  before(async () => {
    app = await startApp();
    headers = await csrfHeaders(app);
  });

  const post = async (path: string, json: object) => {
    const response = await app.send("POST", `/api/v1/auth/${path}`, { json, headers });
    return response.status;
  };
  const signUp = (email: string, changes: object = {}) =>
    post("signup", { email, password: PASSWORD, name: "Somebody", ...changes });
  const logIn = (email: string, password = PASSWORD) => post("login", { email, password });
  const verify = (token: string) => post("verify-email", { token });

  it("makes an account when the address is proven, and not before", async () => {
    const email = "newcomer@example.com";
    assert.equal(await signUp(email), 202);
    assert.equal(await logIn(email), 403);
    assert.equal(await logIn(email, "not this one"), 401);
    assert.equal(await verify(await tokenFor(email)), 204);
    assert.equal(await logIn(email), 200);
  });

  it("tells the owner of a taken address by mail, and nobody else", async () => {
    await signIn(app, "taken");
    const before = await mailsTo(emailOf("taken"));
    assert.equal(await signUp(emailOf("TAKEN"), { password: "another passphrase" }), 202);
    const after = await mailsTo(emailOf("taken"));
    assert.equal(after.length, before.length + 1);
    assert.equal(tokenOf(after.at(-1)), undefined);
    assert.equal(await logIn(emailOf("taken"), "another passphrase"), 401);
  });

  it("has a link that works once, also for two at the same moment", async () => {
    const email = "twice@example.com";
    await signUp(email);
    const token = await tokenFor(email);
    const statuses = await Promise.all([verify(token), verify(token), verify(token)]);
    assert.deepEqual(statuses.sort(), [204, 410, 410]);
    assert.equal(await verify(token), 410);
    assert.equal(await verify("made-up"), 410);
  });

  it("is replaced by a newer one as a whole", async () => {
    const email = "wanted@example.com";
    await signUp(email, { password: "what the attacker chose" });
    const early = await tokenFor(email);
    await signUp(email, { password: "what the owner chose" });
    const late = await tokenFor(email);
    assert.equal(await verify(early), 410);
    assert.equal(await verify(late), 204);
    assert.equal(await logIn(email, "what the attacker chose"), 401);
    assert.equal(await logIn(email, "what the owner chose"), 200);
  });

  it("makes one account of many at the same moment", async () => {
    const email = "crowd@example.com";
    const statuses = await Promise.all(Array.from({ length: 10 }, () => signUp(email)));
    assert.deepEqual(new Set(statuses), new Set([202]));
    const mails = await mailsTo(email);
    assert.equal(mails.length, 10);
    const used = await Promise.all(mails.map((mail) => verify(tokenOf(mail) ?? "")));
    assert.equal(used.filter((status) => status === 204).length, 1);
  });

  it("gets another link on demand, which ends the first", async () => {
    const email = "again@example.com";
    await signUp(email);
    const first = await tokenFor(email);
    assert.equal(await post("verify-email/resend", { email }), 202);
    const second = await tokenFor(email);
    assert.equal(await verify(first), 410);
    assert.equal(await verify(second), 204);
    assert.equal(await post("verify-email/resend", { email }), 202);
    assert.equal((await mailsTo(email)).length, 2);
  });

  const refused: object[] = [
    { email: "no-at-sign" },
    { email: { $gt: "" } },
    { password: "seven77" },
    { password: "Password123" },
    { name: "  " },
    { role: "admin" },
  ];
  for (const changes of refused) {
    it(`is refused with ${JSON.stringify(changes)}, and sends no mail`, async () => {
      assert.equal(await signUp("refused@example.com", changes), 422);
      assert.deepEqual(await mailsTo("refused@example.com"), []);
    });
  }
});
