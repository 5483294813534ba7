import assert from "node:assert/strict";
import { it } from "node:test";
import { startApp } from "./support/app.ts";

it("without accounts there is nothing to sign in to", async () => {
  const app = await startApp();
  for (const path of ["signup", "login", "logout", "me", "csrf"]) {
    const response = await app.send("POST", `/api/v1/auth/${path}`, { json: {} });
    assert.equal(response.status, 404, path);
  }
});
