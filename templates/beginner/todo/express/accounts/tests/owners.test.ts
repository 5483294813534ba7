import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { find } from "../src/features/todos/todos.repository.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { deleteAccount, signIn } from "./support/sign-in.ts";

interface Todo {
  id: string;
  title: string;
}

const TODOS = "/api/v1/todos";
const path = ({ id }: Todo) => `${TODOS}/${id}`;

describe("todos of several users", () => {
  let app: TestApp;
  let ann: Record<string, string>;
  let bob: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
    bob = await signIn(app, "bob");
  });

  const send = (method: string, where: string, headers: Record<string, string>, json?: object) =>
    app.send(method, where, { json, headers });
  const create = async (headers: Record<string, string>) =>
    (await (await send("POST", TODOS, headers, { title: "Buy milk" })).json()) as Todo;
  const read = async (todo: Todo, headers: Record<string, string>) =>
    (await (await send("GET", path(todo), headers)).json()) as Todo;

  const tries: [method: string, json?: object][] = [
    ["GET"],
    ["PATCH", { done: true }],
    ["PATCH", {}],
    ["DELETE"],
  ];
  for (const [method, json] of tries) {
    const request = `${method} ${json ? JSON.stringify(json) : ""}`.trim();

    it(`are 404 for another user: ${request}`, async () => {
      const todo = await create(ann);
      assert.equal((await send(method, path(todo), bob, json)).status, 404);
      assert.deepEqual(await read(todo, ann), todo);
    });

    it(`are refused to who is not signed in: ${request}`, async () => {
      const { status } = await send(method, path(await create(ann)), {}, json);
      assert([401, 403].includes(status), `${status}`);
    });
  }

  it("are listed for their owner only", async () => {
    await create(ann);
    const response = await send("GET", TODOS, bob);
    assert.deepEqual(await response.json(), { items: [], nextCursor: null });
  });

  it("are not completed together with another user's", async () => {
    const [anns, bobs] = [await create(ann), await create(await signIn(app, "dan"))];
    const ids = [anns.id, bobs.id];
    assert.equal((await send("POST", `${TODOS}/complete`, ann, { ids })).status, 404);
    assert.deepEqual(await read(anns, ann), anns);
  });

  it("are erased with their account, and nobody else's are", async () => {
    const carl = await signIn(app, "carl");
    const [anns, carls] = [await create(ann), await create(carl)];
    const me = (await (await send("GET", "/api/v1/auth/me", carl)).json()) as { id: string };
    const key = { id: carls.id, ownerId: me.id };
    assert(await find(key));
    await deleteAccount(app, carl);
    assert.equal(await find(key), null);
    assert.deepEqual(await read(anns, ann), anns);
  });
});
