import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appearance, startAccounts } from "./support/accounts.ts";
import { mailsTo, tokenFor, tokenOf } from "./support/mails.ts";
import { deleteAccount, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const { app, send, post, read, signUp, logIn } = await startAccounts();
const verify = (token: string) => post("verify-email", { token });
const resend = (email: string) => post("verify-email/resend", { email });

describe("a sign-up", () => {
  it("makes an account when the address is proven, and not before", async () => {
    const email = "newcomer@example.com";
    assert.equal(await signUp(email), 202);
    assert.equal(await logIn(email), 403);
    assert.equal(await logIn(email, "not this one"), 401);
    assert.equal(await verify(await tokenFor(email)), 204);
    assert.equal(await logIn(email), 200);
  });

  it("looks the same for a new, a waiting and a taken address", async () => {
    await signIn(app, "known");
    const attempt = async (email: string) =>
      appearance(await send("signup", { email, password: PASSWORD, name: "Somebody" }));
    const fresh = await attempt("fresh@example.com");
    assert.equal(fresh.status, 202);
    assert.equal(fresh.text, "");
    assert.deepEqual(await attempt("fresh@example.com"), fresh);
    assert.deepEqual(await attempt(emailOf("known")), fresh);
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

  it("says that the address is not proven only to who knows the password", async () => {
    await signUp("waiting@example.com");
    const attempt = (email: string, password: string) => send("login", { email, password });
    for (let i = 0; i < 6; i += 1) {
      const right = await attempt("waiting@example.com", PASSWORD);
      assert.equal(right.status, 403, "a right password was counted as a failure");
      assert.match(await right.text(), /\/problems\/email-not-verified/);
    }
    const wrong = await appearance(await attempt("waiting@example.com", "not this one"));
    assert.equal(wrong.status, 401);
    assert.deepEqual(await appearance(await attempt("no-one@example.com", "not this one")), wrong);
  });

  it("has a link that works once, also for two at the same moment", async () => {
    const email = "twice@example.com";
    await signUp(email);
    const token = await tokenFor(email);
    const statuses = await Promise.all([verify(token), verify(token), verify(token)]);
    assert.deepEqual(statuses.sort(), [204, 410, 410]);
    assert.equal(await verify(token), 410);
  });

  it("has a link that does not sign in whoever opens it", async () => {
    await signUp("opened@example.com");
    const response = await send("verify-email", { token: await tokenFor("opened@example.com") });
    assert.equal(await response.text(), "");
    const cookies = response.headers.getSetCookie().join("; ");
    assert.equal((await read("me", { Cookie: cookies })).status, 401);
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

  it("is for one address, whatever its case and Unicode form", async () => {
    assert.equal(await signUp("bob@straße.example"), 202);
    const first = await tokenFor("bob@straße.example");
    for (const email of ["BOB@STRASSE.example", "bob@ｓｔｒａｓｓｅ.example"]) {
      assert.equal(await signUp(email), 202);
      assert.equal(await verify(first), 410);
    }
    assert.equal(await verify(await tokenFor("bob@ｓｔｒａｓｓｅ.example")), 204);
    assert.equal(await logIn("Bob@Straße.example"), 200);
  });

  it("makes one account of fifty at the same moment", async () => {
    const email = "crowd@example.com";
    const statuses = await Promise.all(Array.from({ length: 50 }, () => signUp(email)));
    assert.deepEqual(new Set(statuses), new Set([202]));
    const mails = await mailsTo(email);
    assert.equal(mails.length, 50);
    const used = await Promise.all(mails.map((mail) => verify(tokenOf(mail) ?? "")));
    assert.equal(used.filter((status) => status === 204).length, 1);
  });

  it("gets another link on demand, which ends the first", async () => {
    const email = "again@example.com";
    await signUp(email);
    const first = await tokenFor(email);
    assert.equal(await resend("AGAIN@example.com"), 202);
    const second = await tokenFor(email);
    assert.equal(await verify(first), 410);
    assert.equal(await verify(second), 204);
    assert.equal(await logIn(email), 200);
  });

  it("gets no other link when there is nothing to prove, and no answer says so", async () => {
    await signIn(app, "proven");
    for (const email of [emailOf("proven"), "stranger@example.com"]) {
      const before = (await mailsTo(email)).length;
      assert.equal(await resend(email), 202);
      assert.equal((await mailsTo(email)).length, before);
    }
  });

  it("is possible again when the account is deleted", async () => {
    await deleteAccount(app, await signIn(app, "back"));
    assert.equal(await signUp(emailOf("back"), { password: "a second passphrase" }), 202);
    assert.equal(await verify(await tokenFor(emailOf("back"))), 204);
    assert.equal(await logIn(emailOf("back"), "a second passphrase"), 200);
  });

  it("counts the characters of a password, not its bytes", async () => {
    const password = (length: number) => ({ password: "\u{1f511}".repeat(length) });
    assert.equal(await signUp("keys@example.com", password(8)), 202);
    assert.equal(await signUp("keys@example.com", password(7)), 422);
    assert.equal(await signUp("keys@example.com", password(128)), 202);
    assert.equal(await signUp("keys@example.com", password(129)), 422);
  });

  const refused: object[] = [
    { email: "no-at-sign" },
    { email: `${"x".repeat(250)}@example.com` },
    { email: { $gt: "" } },
    { password: "seven77" },
    { password: "Password123" },
    { name: "  " },
    { name: "two\nlines" },
    { role: "admin" },
  ];
  for (const changes of refused) {
    it(`is refused with ${JSON.stringify(changes).slice(0, 40)}, and sends no mail`, async () => {
      const account = { email: "refused@example.com", password: PASSWORD, name: "Ann", ...changes };
      const response = await send("signup", account);
      assert.equal(response.status, 422);
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      assert.deepEqual([errors[0]?.field], Object.keys(changes));
      assert.deepEqual(await mailsTo("refused@example.com"), []);
    });
  }
});
