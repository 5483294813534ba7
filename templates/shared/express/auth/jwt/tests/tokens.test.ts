import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { decodeJwt, UnsecuredJWT } from "jose";
import { type Claims, Tokens } from "../src/features/auth/tokens.ts";
import { startApp, type TestApp, testEnvironment } from "./support/app.ts";
import { logIn, type Tokens as Pair } from "./support/sign-in.ts";

const soon = () => new Date(Date.now() + 60_000);

describe("tokens", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  const me = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await app.send("GET", "/api/v1/auth/me", { headers })).status;
  };
  const refresh = (refreshToken: unknown) =>
    app.send("POST", "/api/v1/auth/refresh", { json: { refreshToken } });

  it("come from a log-in, the access token for a quarter of an hour", async () => {
    const { accessToken, tokenType, expiresIn } = await logIn(app, "ann");
    assert.equal(tokenType, "Bearer");
    assert.equal(expiresIn, 900);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(accessToken);
    assert(Math.abs(exp - iat - 900) <= 1);
    assert.deepEqual(Object.keys(claims).sort(), ["aud", "iss", "jti", "sid", "sub", "typ"]);
    assert.equal(await me(accessToken), 200);
  });

  it("are needed, and a 401 says of which kind", async () => {
    for (const value of [undefined, "Basic YTpi", "Bearer", "Bearer x.y.z"]) {
      const headers = value === undefined ? {} : { Authorization: value };
      const answer = await app.send("GET", "/api/v1/auth/me", { headers });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get("www-authenticate"), "Bearer");
    }
  });

  it("that somebody else made, or that are over, are refused", async () => {
    const { accessToken } = await logIn(app, "bob");
    const { sub = "", sid, jti = "" } = decodeJwt(accessToken);
    const claims: Claims = { userId: sub, sessionId: String(sid), tokenId: jti };
    const ours = new Tokens(testEnvironment);
    assert.equal(await me(await ours.sign("access", claims, soon())), 200);

    const otherKey = new Tokens({
      ...testEnvironment,
      SECRET_KEY: "another secret of 32 characters.",
    });
    const otherIssuer = new Tokens({ ...testEnvironment, PUBLIC_URL: "https://other.test" });
    const unsigned = new UnsecuredJWT({ ...decodeJwt(accessToken) }).encode();
    const refused = [
      await otherKey.sign("access", claims, soon()),
      await otherIssuer.sign("access", claims, soon()),
      await ours.sign("access", claims, new Date(Date.now() - 1_000)),
      await ours.sign("access", { ...claims, userId: crypto.randomUUID() }, soon()),
      await ours.sign("access", { ...claims, sessionId: crypto.randomUUID() }, soon()),
      await ours.sign("refresh", claims, soon()),
      unsigned,
      `${accessToken.slice(0, -2)}xx`,
    ];
    for (const token of refused) assert.equal(await me(token), 401, token);
  });

  it("are renewed by the refresh token, which is then used up", async () => {
    const first = await logIn(app, "carl");
    const answer = await refresh(first.refreshToken);
    assert.equal(answer.status, 200);
    const second = (await answer.json()) as Pair;
    assert.equal(await me(second.accessToken), 200);

    assert.equal((await refresh(first.refreshToken)).status, 401);
    assert.equal(await me(second.accessToken), 401); // the thief's, or the owner's: nobody can tell
    assert.equal((await refresh(second.refreshToken)).status, 401);
  });

  it("of two refreshes at the same time let one win, and end with both", async () => {
    const { refreshToken } = await logIn(app, "dora");
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    const winner = answers.find(({ status }) => status === 200);
    assert(winner);
    const { accessToken } = (await winner.json()) as Pair;
    assert.equal(await me(accessToken), 401);
  });

  it("of other kinds do not refresh", async () => {
    const { accessToken } = await logIn(app, "eve");
    assert.equal((await refresh(accessToken)).status, 401);
    assert.equal((await refresh("")).status, 401);
    assert.equal((await refresh(7)).status, 422);
  });

  it("are all worthless after a log-out", async () => {
    const { accessToken, refreshToken } = await logIn(app, "fred");
    const headers = { Authorization: `Bearer ${accessToken}` };
    assert.equal((await app.send("POST", "/api/v1/auth/logout", { headers })).status, 204);
    assert.equal(await me(accessToken), 401);
    assert.equal((await refresh(refreshToken)).status, 401);
  });
});
