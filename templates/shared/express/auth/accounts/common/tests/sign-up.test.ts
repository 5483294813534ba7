import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { csrfHeaders, PASSWORD } from "./support/sign-in.ts";

describe("accounts", () => {
  let app: TestApp;
  let anyone: Record<string, string>;

  before(async () => {
    app = await startApp();
    anyone = await csrfHeaders(app);
  });

  const signUp = (changes: object) =>
    app.send("POST", "/api/v1/auth/signup", {
      json: { email: "newcomer@example.com", password: PASSWORD, name: "Ann", ...changes },
      headers: anyone,
    });
  const me = () => app.send("GET", "/api/v1/auth/me");

  it("are made by signing up, which shows no password and does not sign in", async () => {
    const response = await signUp({ name: "  Ann " });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const user = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(user).sort(), ["createdAt", "email", "id", "name"]);
    assert.equal(user["name"], "Ann");
    assert.equal((await me()).status, 401);
  });

  it("have an address each, whatever its case and Unicode form", async () => {
    assert.equal((await signUp({ email: "bob@straße.example" })).status, 201);
    for (const email of ["BOB@STRASSE.example", "bob@ｓｔｒａｓｓｅ.example"]) {
      assert.equal((await signUp({ email })).status, 409, email);
    }
    const both = await Promise.all([1, 2].map(() => signUp({ email: "twins@example.com" })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
  });

  const refused: object[] = [
    { email: "no-at-sign" },
    { email: "two@@example.com" },
    { email: `${"x".repeat(250)}@example.com` },
    { email: { $gt: "" } },
    { password: "seven77" },
    { password: "x".repeat(129) },
    { password: "Password123" },
    { name: "  " },
    { name: "x".repeat(101) },
    { name: "a\u0007b" },
    { role: "admin" },
  ];
  for (const changes of refused) {
    it(`cannot be made with ${JSON.stringify(changes).slice(0, 40)}`, async () => {
      const response = await signUp({ email: "carl@example.com", ...changes });
      assert.equal(response.status, 422);
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      assert.equal(errors[0]?.field, Object.keys(changes)[0]);
    });
  }

  it("count characters, not bytes", async () => {
    const password = "\u{1f511}".repeat(8);
    assert.equal((await signUp({ email: "keys@example.com", password })).status, 201);
    const short = "\u{1f511}".repeat(7);
    assert.equal((await signUp({ email: "few@example.com", password: short })).status, 422);
  });
});
