import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { deleteAccount, signIn } from "./support/sign-in.ts";

const LINKS = "/api/v1/links";
const TARGET = "https://example.com/one?a=b#c";

describe("links of several users", () => {
  let app: TestApp;
  let ann: Record<string, string>;
  let bob: Record<string, string>;
  let link: string;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
    bob = await signIn(app, "bob");
    const { id } = (await (await create("anns-own", ann)).json()) as { id: string };
    link = `${LINKS}/${id}`;
  });

  const create = (code: string, headers: Record<string, string>) =>
    app.send("POST", LINKS, { json: { url: TARGET, code }, headers });

  const tries: [method: string, path: string, json?: object][] = [
    ["GET", ""],
    ["PATCH", "", { enabled: false }],
    ["DELETE", ""],
    ["GET", "/stats"],
    ["GET", "/qr.svg"],
  ];
  for (const [method, path, json] of tries) {
    it(`are 404 for another user: ${method} ${path}`.trim(), async () => {
      const response = await app.send(method, `${link}${path}`, { json, headers: bob });
      assert.equal(response.status, 404);
      assert.equal((await app.send("GET", link, { headers: ann })).status, 200);
    });

    it(`are refused to who is not signed in: ${method} ${path}`.trim(), async () => {
      const { status } = await app.send(method, `${link}${path}`, { json });
      assert([401, 403].includes(status), `${status}`);
    });
  }

  it("are listed for their owner only", async () => {
    const response = await app.send("GET", `${LINKS}?q=anns-own`, { headers: bob });
    assert.deepEqual(await response.json(), { items: [], nextCursor: null });
  });

  it("of a deleted account lead nowhere, for good", async () => {
    const carl = await signIn(app, "carl");
    assert.equal((await create("carls", carl)).status, 201);
    assert.equal((await app.send("GET", "/carls")).status, 302);
    await deleteAccount(app, carl);
    assert.equal((await app.send("GET", "/carls")).status, 410);
    assert.equal((await create("carls", ann)).status, 409);
  });
});
