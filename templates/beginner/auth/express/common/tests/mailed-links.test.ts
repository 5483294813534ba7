import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { config } from "../src/config.ts";
import { insert, take } from "../src/features/recovery/mail-tokens.repository.ts";
import { hashToken, newToken } from "../src/features/recovery/mail-tokens.ts";
import { startAccounts } from "./support/accounts.ts";
import { mailsTo, tokenFor } from "./support/mails.ts";
import { emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const { app, post, signUp, logIn } = await startAccounts();
const MINUTE_MS = 60_000;
const LIFE_MINUTES = {
  "verify-email": config.VERIFY_TOKEN_HOURS * 60,
  "email/confirm": config.RESET_TOKEN_MINUTES,
  "reset-password": config.RESET_TOKEN_MINUTES,
};

/** Mails a link of each kind: by the path that takes it, the token and what else is sent with it. */
async function mailLinks(name: string) {
  const [fresh, moved] = [`${name}@fresh.example`, `${name}@new.example`];
  await signUp(fresh);
  const headers = await signIn(app, name);
  await post("forgot-password", { email: emailOf(name) });
  await post("email", { newEmail: moved, password: PASSWORD }, headers);
  const newPassword = "another long passphrase";
  return {
    "verify-email": { token: await tokenFor(fresh), more: {} },
    "email/confirm": { token: await tokenFor(moved), more: {} },
    "reset-password": { token: await tokenFor(emailOf(name)), more: { newPassword } },
  };
}

describe("a mailed link", () => {
  for (const path of ["verify-email", "email/confirm", "reset-password"] as const) {
    it(`to ${path} works for nothing else, and is not used up by the attempt`, async () => {
      const links = await mailLinks(`other-${path[0]}`);
      const own = links[path];
      for (const [other, { more }] of Object.entries(links).filter(([other]) => other !== path)) {
        assert.equal(await post(other, { token: own.token, ...more }), 410, other);
      }
      assert.equal(await post(path, { token: own.token, ...own.more }), 204);
    });

    it(`to ${path} works until its time is over`, async (t) => {
      const now = Date.now();
      const lifeMs = LIFE_MINUTES[path] * MINUTE_MS;
      t.mock.timers.enable({ apis: ["Date"], now: now - lifeMs });
      const links = [await mailLinks(`early-${path[0]}`), await mailLinks(`late-${path[0]}`)];
      const [early, late] = links.map(({ [path]: { token, more } }) => ({ token, ...more }));
      t.mock.timers.setTime(now - MINUTE_MS);
      assert.equal(await post(path, early ?? {}), 204);
      t.mock.timers.setTime(now + 1);
      assert.equal(await post(path, late ?? {}), 410);
    });
  }

  it("that was never sent is 410, and what can be no token 422", async () => {
    for (const path of ["verify-email", "email/confirm", "reset-password"]) {
      const more = path === "reset-password" ? { newPassword: "another long passphrase" } : {};
      for (const token of ["", "made-up", "%00", newToken().token]) {
        assert.equal(await post(path, { token, ...more }), 410, `${path} ${token}`);
      }
      for (const token of [7, null, { $ne: "" }, "x".repeat(201)]) {
        assert.equal(await post(path, { token, ...more }), 422, `${path} ${token}`);
      }
    }
  });

  it("that is over leaves the address free for a sign-up, and no password to try", async (t) => {
    const now = Date.now();
    t.mock.timers.enable({ apis: ["Date"], now: now - LIFE_MINUTES["verify-email"] * MINUTE_MS });
    const email = "slow@example.com";
    await signUp(email);
    assert.equal(await logIn(email), 403);
    t.mock.timers.setTime(now + 1);
    assert.equal(await logIn(email), 401);
    assert.equal(await post("verify-email/resend", { email }), 202);
    assert.equal((await mailsTo(email)).length, 1);
    assert.equal(await signUp(email), 202);
    assert.equal(await post("verify-email", { token: await tokenFor(email) }), 204);
  });

  it("leads to a page of this server, which is told nothing of the token", async () => {
    await signUp("reader@example.com");
    const [mail] = await mailsTo("reader@example.com");
    const url = new URL(/https?:\S+/.exec(mail?.text ?? "")?.[0] ?? "");
    assert.equal(url.origin, config.PUBLIC_URL);
    assert.match(url.hash, /^#token=[\w-]{43}$/);
    assert.equal(url.search, "");
    assert.match(mail?.text ?? "", new RegExp(`within ${config.VERIFY_TOKEN_HOURS} hours`));
    for (const method of ["GET", "HEAD", "GET"]) {
      assert.equal((await app.send(method, url.pathname)).status, 200);
    }
    const token = url.hash.replace("#token=", "");
    assert.equal(await post("verify-email", { token }), 204); // to look at the page changed nothing
  });
});

describe("the page of a mailed link", () => {
  for (const path of ["/verify-email", "/reset-password", "/confirm-email"]) {
    it(`${path} is HTML, whose script may come from this server only`, async () => {
      const page = await app.send("GET", path);
      assert.equal(page.status, 200);
      assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
      const policy = page.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'self'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /script-src/);
      const sources = [...(await page.text()).matchAll(/<script([^>]*)>/g)].map(([, each]) => each);
      assert.equal(sources.length, 1);
      assert.match(sources[0] ?? "", /src="\/mailed-link\.js"/);
    });

    it(`${path} can only be read`, async () => {
      const refused = await app.send("POST", path, { json: {} });
      assert.equal(refused.status, 405);
      assert.equal(refused.headers.get("allow"), "GET, HEAD");
    });
  }

  it("has a script that sends each kind of link to a path of the API", async () => {
    const script = await app.send("GET", "/mailed-link.js");
    assert.match(script.headers.get("content-type") ?? "", /^text\/javascript/);
    const paths = (await script.text()).matchAll(/"\/api\/v1\/auth\/([^"]+)"/g);
    for (const [, path = ""] of [...paths].filter(([, path]) => path !== "csrf")) {
      const { paths } = (await (await app.send("GET", "/openapi.json")).json()) as Document;
      assert(paths[`/api/v1/auth/${path}`]?.post, path);
    }
  });
});

interface Document {
  paths: Record<string, { post?: object }>;
}

describe("a mailed token", () => {
  const issue = async (expiresAt: Date) => {
    const { token, tokenHash } = newToken();
    const userId = crypto.randomUUID();
    await insert({ tokenHash, userId, kind: "reset", newEmail: null, expiresAt });
    return token;
  };

  it("is 256 random bits, and only its hash is stored", async () => {
    const { token, tokenHash } = newToken();
    assert.equal(Buffer.from(token, "base64url").length, 32);
    assert.equal(tokenHash, hashToken(token));
    assert(!tokenHash.includes(token));
    assert.notEqual(newToken().token, token);
  });

  it("is taken once", async () => {
    const hash = hashToken(await issue(new Date(Date.now() + MINUTE_MS)));
    const taken = await Promise.all([take("reset", hash), take("reset", hash)]);
    assert.equal(taken.filter((each) => each !== null).length, 1);
  });
});
