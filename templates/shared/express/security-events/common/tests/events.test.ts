import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { findUserByEmail } from "../src/features/accounts/accounts.repository.ts";
import { recordEvent, userAgentOf } from "../src/features/events/events.service.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { emailOf, signIn } from "./support/sign-in.ts";

interface Page {
  items: { id: string; type: string; userAgent: string | null }[];
  nextCursor: string | null;
}

describe("the trail of events", () => {
  let app: TestApp;

  before(async () => {
    app = await startApp();
  });

  const read = async (headers: Record<string, string>, query: string) => {
    const response = await app.send("GET", `/api/v1/auth/events${query}`, { headers });
    assert.equal(response.status, 200);
    return (await response.json()) as Page;
  };

  it("is its owner's, the newest first, page by page", async () => {
    const [ann, bob] = [await signIn(app, "ann"), await signIn(app, "bob")];
    const user = await findUserByEmail(emailOf("ann"));
    for (const type of ["one", "two", "three"]) await recordEvent(user?.id ?? "", type, null);
    const first = await read(ann, "?limit=2");
    assert.deepEqual(
      first.items.map(({ type }) => type),
      ["three", "two"],
    );
    const second = await read(ann, `?limit=1&cursor=${first.nextCursor}`);
    assert.equal(second.items[0]?.type, "one");
    const others = await read(bob, "");
    assert(!others.items.some(({ type }) => type === "one"));
    assert.equal((await app.send("GET", "/api/v1/auth/events")).status, 401);
  });

  it("has each event once when all pages are read", async () => {
    const headers = await signIn(app, "carl");
    const user = await findUserByEmail(emailOf("carl"));
    const types = ["1", "2", "3", "4", "5"];
    for (const type of types) await recordEvent(user?.id ?? "", type, "a device");
    const seen: Page["items"] = [];
    let cursor: string | null = "";
    while (cursor !== null && seen.length < 20) {
      const page = await read(headers, `?limit=2${cursor && `&cursor=${cursor}`}`);
      assert(page.items.length <= 2);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    const found = seen.map(({ type }) => type).filter((type) => types.includes(type));
    assert.deepEqual(found, types.toReversed());
    assert.deepEqual(Object.keys(seen[0] ?? {}).sort(), ["at", "id", "type", "userAgent"]);
  });

  it("refuses a page that cannot be, and to be written by a client", async () => {
    const headers = await signIn(app, "dana");
    for (const query of ["?limit=0", "?limit=101", "?limit=x", "?cursor=nonsense"]) {
      const response = await app.send("GET", `/api/v1/auth/events${query}`, { headers });
      assert.equal(response.status, 422, query);
    }
    for (const method of ["POST", "DELETE"]) {
      const response = await app.send(method, "/api/v1/auth/events", { headers });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET, HEAD");
    }
  });

  it("cuts what a client says of itself", () => {
    const agent = (value?: string) => userAgentOf({ get: () => value } as never);
    assert.equal(agent("x".repeat(300)), "x".repeat(200));
    assert.equal(agent(""), null);
    assert.equal(agent(), null);
  });
});
