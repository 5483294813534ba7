import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { decodeJwt, SignJWT, UnsecuredJWT } from "jose";
import { config } from "../src/config.ts";
import { signToken } from "../src/features/auth/tokens.ts";
import { startApp, type TestApp } from "./support/app.ts";
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
    for (const Authorization of ["", "Basic YTpi", "Bearer", "Bearer x.y.z"]) {
      const headers = { Authorization };
      const response = await app.send("GET", "/api/v1/auth/me", { headers });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
    }
  });

  it("that somebody else made, or that are over, are refused", async () => {
    const { accessToken } = await logIn(app, "bob");
    const payload = decodeJwt(accessToken);
    const { sub = "", sid, jti = "" } = payload;
    const claims = { userId: sub, sessionId: String(sid), tokenId: jti };
    assert.equal(await me(await signToken("access", claims, soon())), 200);

    const wrongKey = new TextEncoder().encode(config.SECRET_KEY);
    const over = new Date(Date.now() - 31_000);
    const refused = [
      await new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).sign(wrongKey),
      new UnsecuredJWT(payload).encode(),
      await signToken("access", claims, over),
      await signToken("access", { ...claims, userId: crypto.randomUUID() }, soon()),
      await signToken("access", { ...claims, sessionId: crypto.randomUUID() }, soon()),
      await signToken("refresh", claims, soon()),
      `${accessToken.slice(0, -2)}xx`,
    ];
    for (const token of refused) assert.equal(await me(token), 401, token);
  });

  it("may be a little over, for clocks differ", async () => {
    const { accessToken } = await logIn(app, "bob");
    const { sub = "", sid, jti = "" } = decodeJwt(accessToken);
    const claims = { userId: sub, sessionId: String(sid), tokenId: jti };
    assert.equal(await me(await signToken("access", claims, new Date(Date.now() - 10_000))), 200);
  });

  it("are renewed by the refresh token, which is then used up", async () => {
    const first = await logIn(app, "carl");
    const response = await refresh(first.refreshToken);
    assert.equal(response.status, 200);
    const second = (await response.json()) as Pair;
    assert.equal(await me(second.accessToken), 200);

    assert.equal((await refresh(first.refreshToken)).status, 401);
    assert.equal(await me(second.accessToken), 401); // the thief's, or the owner's: nobody can tell
    assert.equal((await refresh(second.refreshToken)).status, 401);
  });

  it("of two refreshes at the same time let one win, and end with both", async () => {
    const { refreshToken } = await logIn(app, "dora");
    const responses = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    assert.deepEqual(responses.map(({ status }) => status).sort(), [200, 401]);
    const winner = responses.find(({ status }) => status === 200);
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
