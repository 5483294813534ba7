import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { csrfHeaders, emailOf, headersFrom, PASSWORD, signIn } from "./support/sign-in.ts";

describe("sessions", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  type Headers = Record<string, string>;
  const me = async (headers: Headers) =>
    (await app.send("GET", "/api/v1/auth/me", { headers })).status;
  const logIn = (name: string, headers: Headers) => {
    const json = { email: emailOf(name), password: PASSWORD };
    return app.send("POST", "/api/v1/auth/login", { json, headers });
  };

  it("begin with a cookie that scripts cannot read and other sites cannot use", async () => {
    await signIn(app, "ann");
    const response = await logIn("ann", await csrfHeaders(app));
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith("session="));
    assert.match(cookie ?? "", /; HttpOnly/);
    assert.match(cookie ?? "", /; SameSite=Lax/);
    assert.doesNotMatch(cookie ?? "", /Secure/);
    const user = (await response.json()) as Record<string, unknown>;
    assert.equal(user["email"], emailOf("ann"));
  });

  it("are new at each log-in, and the old one ends", async () => {
    const first = await signIn(app, "bob");
    const response = await logIn("bob", first);
    assert.equal(response.status, 200);
    const second = headersFrom(response);
    assert.notEqual(first["Cookie"], second["Cookie"]);
    assert.equal(await me(first), 401);
    assert.equal(await me(second), 200);
  });

  it("are not opened by a forged or damaged cookie", async () => {
    const { Cookie = "" } = await signIn(app, "carl");
    const [id] = /(?<=session=)[^.]+/.exec(Cookie) ?? [];
    for (const value of ["", "x", id, `${id}.`, `${id}.guess`, "%00.%00"]) {
      assert.equal(await me({ Cookie: `session=${value}` }), 401, value);
    }
  });

  it("clear their cookie at log-out, and hand out a new CSRF token", async () => {
    const headers = await signIn(app, "dora");
    const response = await app.send("POST", "/api/v1/auth/logout", { headers });
    const cookies = response.headers.getSetCookie();
    assert(cookies.some((cookie) => cookie.startsWith("session=;")));
    assert(cookies.some((cookie) => cookie.startsWith("csrf_token=")));
  });
});

describe("the CSRF token", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  const signUp = (headers: Record<string, string>) =>
    app.send("POST", "/api/v1/auth/signup", { json: {}, headers });

  it("is the same in the body and in the cookie, and stays while it is good", async () => {
    const response = await app.send("GET", "/api/v1/auth/csrf");
    const headers = headersFrom(response);
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    assert.equal(headers["X-CSRF-Token"], csrfToken);
    assert.doesNotMatch(response.headers.getSetCookie().join(), /HttpOnly/);
    const again = await app.send("GET", "/api/v1/auth/csrf", { headers });
    assert.deepEqual(await again.json(), { csrfToken });
  });

  it("is needed for everything that changes something, before anything else is looked at", async () => {
    const headers = await csrfHeaders(app);
    assert.equal((await signUp(headers)).status, 422);
    const { Cookie = "", "X-CSRF-Token": token = "" } = headers;
    const forged: Record<string, string>[] = [
      {},
      { Cookie },
      { "X-CSRF-Token": token },
      { Cookie: "csrf_token=made.up", "X-CSRF-Token": "made.up" },
    ];
    for (const each of forged) {
      const response = await signUp(each);
      assert.equal(response.status, 403);
      assert.match(await response.text(), /\/problems\/csrf/);
    }
  });

  it("belongs to its session: an earlier one, or another user's, is refused", async () => {
    const before = await csrfHeaders(app);
    const ann = await signIn(app, "ann");
    const bob = await signIn(app, "bob");
    const logOut = (headers: Record<string, string>, from: Record<string, string>) => {
      const token = from["X-CSRF-Token"] ?? "";
      const session = /session=[^;]+/.exec(headers["Cookie"] ?? "")?.[0];
      const Cookie = `${session}; csrf_token=${token}`;
      return app.send("POST", "/api/v1/auth/logout", {
        headers: { Cookie, "X-CSRF-Token": token },
      });
    };
    assert.equal((await logOut(ann, before)).status, 403);
    assert.equal((await logOut(ann, bob)).status, 403);
    assert.equal((await logOut(ann, ann)).status, 204);
  });
});
