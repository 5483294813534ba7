import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appearance, type Headers, startAccounts } from "./support/accounts.ts";
import { mailsTo, tokenFor, tokenOf } from "./support/mails.ts";
import { deleteAccount, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const { app, send, post, read, signUp, logIn, isSignedIn } = await startAccounts();
const ask = (headers: Headers, newEmail: string, password = PASSWORD) =>
  post("email", { newEmail, password }, headers);
const confirm = (token: string | undefined) => post("email/confirm", { token });
const addressOf = async (headers: Headers) =>
  ((await read("me", headers)).body as { email?: string }).email;

describe("a change of address", () => {
  it("takes effect when the new address is proven, and the old one gets a notice", async () => {
    const ruth = await signIn(app, "ruth");
    const newEmail = "ruth@new.example";
    assert.equal(await ask(ruth, newEmail), 202);
    assert.equal(await addressOf(ruth), emailOf("ruth"));
    assert.equal(await logIn(newEmail), 401);

    const before = (await mailsTo(emailOf("ruth"))).length;
    assert.equal(await confirm(await tokenFor(newEmail)), 204);
    assert.equal(await addressOf(ruth), newEmail);
    assert.equal(await logIn("RUTH@new.example"), 200);
    assert.equal(await logIn(emailOf("ruth")), 401);
    const notices = (await mailsTo(emailOf("ruth"))).slice(before);
    assert.equal(notices.length, 1);
    assert.equal(tokenOf(notices[0]), undefined);
  });

  it("needs a session, the password and an address; without them no mail goes out", async () => {
    const sara = await signIn(app, "sara");
    const newEmail = "sara@new.example";
    assert.notEqual(await post("email", { newEmail, password: PASSWORD }), 202);
    const wrong = await send("email", { newEmail, password: "not this one" }, sara);
    assert.equal(wrong.status, 403);
    assert.match(await wrong.text(), /\/problems\/wrong-password/);
    assert.equal(await ask(sara, "no-at-sign"), 422);
    assert.equal(await post("email", { newEmail }, sara), 422);
    assert.deepEqual(await mailsTo(newEmail), []);
  });

  it("to a taken address is refused by a mail to its owner, and by nothing else", async () => {
    const [olga] = [await signIn(app, "olga"), await signIn(app, "milo")];
    const change = (newEmail: string) => send("email", { newEmail, password: PASSWORD }, olga);
    const free = await appearance(await change("free@new.example"));
    const before = (await mailsTo(emailOf("milo"))).length;
    assert.deepEqual(await appearance(await change(emailOf("milo"))), free);
    const mails = (await mailsTo(emailOf("milo"))).slice(before);
    assert.deepEqual(mails.map(tokenOf), [undefined]);
    assert.equal(await addressOf(olga), emailOf("olga"));
  });

  it("is a conflict when somebody signs up with the address in the meantime", async () => {
    const tina = await signIn(app, "tina");
    const newEmail = emailOf("faster");
    await ask(tina, newEmail);
    const token = await tokenFor(newEmail);
    const faster = await signIn(app, "faster");
    const before = await mailsTo(emailOf("tina"));
    assert.equal(await confirm(token), 409);
    assert.equal(await addressOf(tina), emailOf("tina"));
    assert.equal(await addressOf(faster), newEmail);
    assert.deepEqual(await mailsTo(emailOf("tina")), before); // no notice: nothing has changed
  });

  it("gives an address to one of two accounts that confirm it at the same moment", async () => {
    const newEmail = "wanted@new.example";
    for (const name of ["fred", "gail"]) await ask(await signIn(app, name), newEmail);
    const tokens = (await mailsTo(newEmail)).map(tokenOf);
    const statuses = await Promise.all(tokens.map(confirm));
    assert.deepEqual(statuses.sort(), [204, 409]);
  });

  it("ends the sign-up that waits for the same address", async () => {
    const newEmail = "both@new.example";
    await signUp(newEmail, { password: "what the stranger chose" });
    const signUpToken = await tokenFor(newEmail);
    const uma = await signIn(app, "uma");
    await ask(uma, newEmail);
    assert.equal(await confirm(await tokenFor(newEmail)), 204);
    assert.equal(await post("verify-email", { token: signUpToken }), 410);
    assert.equal(await logIn(newEmail, "what the stranger chose"), 401);
    assert.equal(await logIn(newEmail), 200);
  });

  it("is replaced by a newer one, and its link works once", async () => {
    const vera = await signIn(app, "vera");
    await ask(vera, "first@new.example");
    await ask(vera, "second@new.example");
    assert.equal(await confirm(await tokenFor("first@new.example")), 410);
    const token = await tokenFor("second@new.example");
    assert.equal(await confirm(token), 204);
    assert.equal(await confirm(token), 410);
    assert.equal(await addressOf(vera), "second@new.example");
  });

  it("ends the links that the old address was sent for a new password", async () => {
    const walt = await signIn(app, "walt");
    await post("forgot-password", { email: emailOf("walt") });
    const token = await tokenFor(emailOf("walt"));
    await ask(walt, "walt@new.example");
    assert.equal(await confirm(await tokenFor("walt@new.example")), 204);
    const newPassword = "what the reader of the old mailbox chose";
    assert.equal(await post("reset-password", { token, newPassword }), 410);
    assert(await isSignedIn(walt));
  });

  it("ends with the account", async () => {
    const xena = await signIn(app, "xena");
    await ask(xena, "xena@new.example");
    await deleteAccount(app, xena);
    assert.equal(await confirm(await tokenFor("xena@new.example")), 410);
    assert.equal(await logIn("xena@new.example"), 401);
  });
});
