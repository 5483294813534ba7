import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { idOf, onlyAdmins } from "./support/admins.ts";
import { startApp } from "./support/app.ts";
import { csrfHeaders, emailOf, PASSWORD, signIn } from "./support/sign-in.ts";

const app = await startApp();
const ADMIN_PASSWORD = PASSWORD;

/** Runs the command, as a process of its own, with these variables and no others of its own. */
async function createAdmin(variables: Record<string, string>) {
  const env = { ...process.env, ...variables };
  const run = promisify(execFile)(process.execPath, ["src/create-admin.ts"], { env });
  return run.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout, stderr: String(stderr) }),
  );
}

async function me(name: string) {
  const response = await app.send("GET", "/api/v1/auth/me", { headers: await signIn(app, name) });
  return (await response.json()) as { name: string; role: string; active: boolean };
}

describe("the command create-admin", () => {
  it("makes an account that is an admin's", async () => {
    const ADMIN_EMAIL = emailOf("first");
    const { code, stdout } = await createAdmin({ ADMIN_EMAIL, ADMIN_PASSWORD });
    assert.equal(code, 0);
    assert.match(stdout, /first@example\.com is an admin/);
    const { name, role, active } = await me("first");
    assert.deepEqual({ name, role, active }, { name: "Admin", role: "admin", active: true });
  });

  it("makes an admin of an account that is there, and leaves its password alone", async () => {
    const user = await signIn(app, "olga");
    const users = () => app.send("GET", "/api/v1/users", { headers: user });
    assert.equal((await users()).status, 403);
    const ADMIN_EMAIL = emailOf("OLGA");
    assert.equal((await createAdmin({ ADMIN_EMAIL })).code, 0);
    assert.equal((await users()).status, 200);
    const again = { ADMIN_EMAIL, ADMIN_PASSWORD: "another long passphrase", ADMIN_NAME: "Root" };
    assert.equal((await createAdmin(again)).code, 0);
    assert.equal((await me("olga")).name, "olga");
  });

  it("brings an admin back who was deactivated", async () => {
    for (const name of ["root", "pia"]) await signIn(app, name);
    await onlyAdmins("root", "pia");
    const headers = await signIn(app, "root");
    const path = `/api/v1/users/${await idOf("pia")}`;
    await app.send("PATCH", path, { json: { active: false }, headers });
    assert.equal((await createAdmin({ ADMIN_EMAIL: emailOf("pia") })).code, 0);
    assert.equal((await me("pia")).active, true);
  });

  const ADMIN_EMAIL = emailOf("refused");
  const refused: [variable: string, variables: Record<string, string>][] = [
    ["ADMIN_EMAIL", {}],
    ["ADMIN_EMAIL", { ADMIN_EMAIL: "no-at-sign", ADMIN_PASSWORD }],
    ["ADMIN_PASSWORD", { ADMIN_EMAIL }],
    ["ADMIN_PASSWORD", { ADMIN_EMAIL, ADMIN_PASSWORD: "password123" }],
    ["ADMIN_NAME", { ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_NAME: " " }],
  ];
  for (const [variable, variables] of refused) {
    it(`given ${JSON.stringify(variables)} makes nobody and names ${variable}`, async () => {
      const { code, stderr } = await createAdmin(variables);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`^${variable}: `, "m"));
      const headers = await csrfHeaders(app);
      const json = { email: ADMIN_EMAIL, password: variables["ADMIN_PASSWORD"] ?? PASSWORD };
      const response = await app.send("POST", "/api/v1/auth/login", { json, headers });
      assert.equal(response.status, 401);
    });
  }
});
