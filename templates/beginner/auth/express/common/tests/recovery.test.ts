import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { insert, take } from "../src/features/recovery/mail-tokens.repository.ts";
import { hashToken, newToken } from "../src/features/recovery/mail-tokens.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { mailsTo, tokenFor, tokenOf } from "./support/mails.ts";
import { csrfHeaders, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const NEW = "another long passphrase";

describe("recovery", () => {
  let app: TestApp;
  let anyone: Record<string, string>;

  before(async () => {
    app = await startApp();
    anyone = await csrfHeaders(app);
  });

  const post = async (path: string, json: object, headers = anyone) => {
    const response = await app.send("POST", `/api/v1/auth/${path}`, { json, headers });
    return response.status;
  };
  const me = async (headers: Record<string, string>) => {
    const response = await app.send("GET", "/api/v1/auth/me", { headers });
    return (await response.json()) as { status?: number; email?: string };
  };
  const logIn = (email: string, password: string) => post("login", { email, password });
  const forgot = async (email: string) => {
    assert.equal(await post("forgot-password", { email }), 202);
    return tokenFor(email);
  };
  const reset = (token: string, newPassword = NEW) =>
    post("reset-password", { token, newPassword });

  it("sets a new password and ends every session", async () => {
    const [here, there] = [await signIn(app, "rita"), await signIn(app, "rita")];
    assert.equal(await reset(await forgot(emailOf("rita"))), 204);
    assert.equal((await me(here)).status, 401);
    assert.equal((await me(there)).status, 401);
    assert.equal(await logIn(emailOf("rita"), PASSWORD), 401);
    assert.equal(await logIn(emailOf("rita"), NEW), 200);
  });

  it("answers the same for an address without an account, and writes no mail", async () => {
    assert.equal(await post("forgot-password", { email: "nobody@example.com" }), 202);
    assert.deepEqual(await mailsTo("nobody@example.com"), []);
  });

  it("takes a link once, of all that were sent, and keeps it for a better password", async () => {
    await signIn(app, "rolf");
    const [first, second] = [await forgot(emailOf("rolf")), await forgot(emailOf("rolf"))];
    assert.equal(await reset(second, "short"), 422);
    const statuses = await Promise.all([reset(second), reset(second)]);
    assert.deepEqual(statuses.sort(), [204, 410]);
    assert.equal(await reset(first), 410);
  });

  it("moves to an address that is proven, and tells the old one", async () => {
    const ruth = await signIn(app, "ruth");
    const move = { newEmail: "ruth@new.example", password: PASSWORD };
    assert.equal(await post("email", { ...move, password: "wrong" }, ruth), 403);
    assert.equal(await post("email", move, ruth), 202);
    assert.equal((await me(ruth)).email, emailOf("ruth"));
    const reset1 = await forgot(emailOf("ruth"));
    const before = (await mailsTo(emailOf("ruth"))).length;
    assert.equal(await post("email/confirm", { token: await tokenFor(move.newEmail) }), 204);
    assert.equal((await me(ruth)).email, move.newEmail);
    assert.equal((await mailsTo(emailOf("ruth"))).length, before + 1);
    assert.equal(await reset(reset1), 410);
  });

  it("does not move to a taken address, and does not say so", async () => {
    const [dora] = [await signIn(app, "dora"), await signIn(app, "eve")];
    const move = { newEmail: emailOf("eve"), password: PASSWORD };
    assert.equal(await post("email", move, dora), 202);
    assert.equal(tokenOf((await mailsTo(emailOf("eve"))).at(-1)), undefined);
  });

  it("lets one of two have an address that both were mailed a link to", async () => {
    const newEmail = "wanted@new.example";
    for (const name of ["fred", "gail"]) {
      await post("email", { newEmail, password: PASSWORD }, await signIn(app, name));
    }
    const tokens = (await mailsTo(newEmail)).map(tokenOf);
    const confirm = (token: string | undefined) => post("email/confirm", { token });
    const statuses = await Promise.all(tokens.map(confirm));
    assert.deepEqual(statuses.sort(), [204, 409]);
  });
});

describe("a mailed token", () => {
  const issue = async (expiresAt: Date) => {
    const { token, tokenHash } = newToken();
    const userId = crypto.randomUUID();
    await insert({ tokenHash, userId, kind: "reset", newEmail: null, expiresAt });
    return token;
  };
  const soon = () => new Date(Date.now() + 60_000);

  it("is 256 random bits, and only its hash is stored", async () => {
    const { token, tokenHash } = newToken();
    assert.equal(Buffer.from(token, "base64url").length, 32);
    assert.equal(tokenHash, hashToken(token));
    assert(!tokenHash.includes(token));
    assert.notEqual(newToken().token, token);
  });

  it("is taken once, and for its own purpose only", async () => {
    const hash = hashToken(await issue(soon()));
    assert.equal(await take("email", hash), null);
    const taken = await Promise.all([take("reset", hash), take("reset", hash)]);
    assert.equal(taken.filter((each) => each !== null).length, 1);
  });

  it("expires", async () => {
    assert.equal(await take("reset", hashToken(await issue(new Date(Date.now() - 1)))), null);
  });
});
