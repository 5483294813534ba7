import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

interface Todo {
  id: string;
  title: string;
  notes: string;
  done: boolean;
  dueDate: string | null;
  priority: string;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
}

const TODOS = "/api/v1/todos";
const path = ({ id }: { id: string }) => `${TODOS}/${id}`;

describe("todos", () => {
  let app: TestApp;
  let ann: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
  });

  const post = (json: unknown) => app.send("POST", TODOS, { json, headers: ann });
  const create = async (json: object = {}) =>
    (await (await post({ title: "Buy milk", ...json })).json()) as Todo;
  const get = (todo: Todo) => app.send("GET", path(todo), { headers: ann });
  const read = async (todo: Todo) => (await (await get(todo)).json()) as Todo;
  const patch = (todo: Todo, json: unknown, headers = {}) =>
    app.send("PATCH", path(todo), { json, headers: { ...ann, ...headers } });
  const edit = async (todo: Todo, json: object) => (await (await patch(todo, json)).json()) as Todo;
  const remove = (todo: Todo, headers = {}) =>
    app.send("DELETE", path(todo), { headers: { ...ann, ...headers } });

  describe("when created", () => {
    it("are returned whole, with their place", async () => {
      const response = await post({ title: "  Buy milk " });
      assert.equal(response.status, 201);
      const { id, createdAt, updatedAt, ...todo } = (await response.json()) as Todo;
      assert.equal(response.headers.get("location"), path({ id }));
      assert.deepEqual(todo, {
        title: "Buy milk",
        notes: "",
        done: false,
        dueDate: null,
        priority: "normal",
        tags: [],
        completedAt: null,
      });
      assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(updatedAt, createdAt);
    });

    it("keep what was sent, with repeated tags once", async () => {
      const sent = { notes: "a\nb", dueDate: "2028-02-29", priority: "high" };
      const todo = await create({ ...sent, tags: ["b", " a ", "b"] });
      const { notes, dueDate, priority, tags } = await read(todo);
      assert.deepEqual({ notes, dueDate, priority }, sent);
      assert.deepEqual(tags, ["b", "a"]);
    });

    it("count characters, not bytes or UTF-16 units", async () => {
      assert.equal((await post({ title: "🚀".repeat(200) })).status, 201);
      assert.equal((await post({ title: "🚀".repeat(201) })).status, 422);
    });

    const invalid: [json: object, field: string][] = [
      [{ title: undefined }, "title"],
      [{ title: " \n" }, "title"],
      [{ title: 5 }, "title"],
      [{ notes: null }, "notes"],
      [{ dueDate: "2030-02-30" }, "dueDate"],
      [{ dueDate: "2030-01-01T00:00:00Z" }, "dueDate"],
      [{ priority: "urgent" }, "priority"],
      [{ tags: Array.from({ length: 11 }, (_, i) => `${i}`) }, "tags"],
      [{ tags: ["good", "two\nlines"] }, "tags.1"],
      [{ tags: ["x".repeat(31)] }, "tags.0"],
      [{ done: true }, "done"],
      [{ ownerId: "somebody" }, "ownerId"],
    ];
    for (const [json, field] of invalid) {
      it(`are refused with ${JSON.stringify(json).slice(0, 60)}`, async () => {
        const response = await post({ title: "Buy milk", ...json });
        assert.equal(response.status, 422);
        const { errors } = (await response.json()) as { errors: { field: string }[] };
        assert.deepEqual(
          errors.map((error) => error.field),
          [field],
        );
      });
    }
  });

  describe("when changed", () => {
    it("take what is given and keep the rest", async () => {
      const todo = await create({ notes: "kept", dueDate: "2030-01-01", tags: ["a"] });
      const changed = await edit(todo, { title: "Buy oat milk", dueDate: null, tags: ["b", "c"] });
      const { updatedAt } = changed;
      const expected = { title: "Buy oat milk", dueDate: null, tags: ["b", "c"], updatedAt };
      assert.deepEqual(changed, { ...todo, ...expected });
      assert.deepEqual(await read(todo), changed);
    });

    it("have the time of the first completion until they are to be done again", async () => {
      const todo = await create();
      const { completedAt } = await edit(todo, { done: true });
      assert.match(completedAt ?? "", /Z$/);
      await new Promise((wake) => setTimeout(wake, 5));
      assert.equal((await edit(todo, { done: true })).completedAt, completedAt);
      assert.equal((await edit(todo, { title: "Other" })).completedAt, completedAt);
      assert.equal((await edit(todo, { done: false })).completedAt, null);
      assert.notEqual((await edit(todo, { done: true })).completedAt, completedAt);
    });

    it("do not change by an empty patch", async () => {
      const todo = await create();
      const response = await patch(todo, {});
      assert.equal(response.headers.get("etag"), '"1"');
      assert.deepEqual(await response.json(), todo);
    });

    for (const json of [{ title: null }, { done: "true" }, { tags: null }, { completedAt: null }]) {
      it(`are refused with ${JSON.stringify(json)}`, async () => {
        assert.equal((await patch(await create(), json)).status, 422);
      });
    }

    it("tell an old state from a new one by the ETag", async () => {
      const todo = await create();
      const tag = (await get(todo)).headers.get("etag") ?? "";
      const response = await patch(todo, { done: true }, { "If-Match": `"x", ${tag}` });
      assert.equal(response.status, 200);
      assert.notEqual(response.headers.get("etag"), tag);
      for (const json of [{ done: false }, {}]) {
        assert.equal((await patch(todo, json, { "If-Match": tag })).status, 412);
      }
      assert.equal((await remove(todo, { "If-Match": tag })).status, 412);
      assert.equal((await patch(todo, { done: false }, { "If-Match": "*" })).status, 200);
    });

    it("let one of ten edits of the same version win", async () => {
      const todo = await create();
      const tag = (await get(todo)).headers.get("etag") ?? "";
      const edits = Array.from({ length: 10 }, (_, i) =>
        patch(todo, { title: `edit ${i}` }, { "If-Match": tag }),
      );
      const statuses = (await Promise.all(edits)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [200, ...Array<number>(9).fill(412)]);
    });
  });

  it("when deleted are gone", async () => {
    const todo = await create();
    assert.equal((await remove(todo)).status, 204);
    for (const response of [await get(todo), await patch(todo, {}), await remove(todo)]) {
      assert.equal(response.status, 404);
    }
  });

  it("that do not exist, or cannot, are 404", async () => {
    for (const id of [crypto.randomUUID(), "1", "..%2f", "null"]) {
      const response = await app.send("GET", path({ id }), { headers: ann });
      assert.equal(response.status, 404, id);
    }
  });

  describe("completed together", () => {
    const complete = (ids: unknown, headers = ann) =>
      app.send("POST", `${TODOS}/complete`, { json: { ids }, headers });

    it("are all done; those that were stay as they are", async () => {
      const fresh = await create();
      const done = await edit(await create(), { done: true });
      const response = await complete([done.id, fresh.id, done.id]);
      assert.equal(response.status, 200);
      const { items } = (await response.json()) as { items: Todo[] };
      assert.deepEqual(items, [await read(fresh), done]);
      assert.equal(items[0]?.done, true);
    });

    it("do not change when one of them is missing", async () => {
      const todo = await create();
      for (const unknown of [crypto.randomUUID(), "x", ""]) {
        assert.equal((await complete([todo.id, unknown])).status, 404);
      }
      assert.deepEqual(await read(todo), todo);
    });

    it("do not wait for each other, in whatever order they are named", async () => {
      const todos = await Promise.all(Array.from({ length: 20 }, () => create()));
      const ids = todos.map(({ id }) => id);
      const requests = Array.from({ length: 10 }, (_, i) =>
        complete(i % 2 ? ids : ids.toReversed()),
      );
      for (const { status } of await Promise.all(requests)) assert.equal(status, 200);
    });

    for (const ids of [[], ["x", 5], "x", Array.from({ length: 101 }, (_, i) => `${i}`)]) {
      it(`are refused with ${JSON.stringify(ids).slice(0, 20)}`, async () => {
        assert.equal((await complete(ids)).status, 422);
      });
    }
  });
});
