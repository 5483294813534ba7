import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

const TODOS = "/api/v1/todos";

interface Todo {
  id: string;
  title: string;
  dueDate: string | null;
  priority: string;
}

describe("the list of todos", () => {
  let app: TestApp;
  let ann: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
    // Every priority with every date, some of them twice, in no order.
    for (const priority of ["normal", "high", "low"]) {
      for (const dueDate of ["2030-05-01", null, "2029-12-31", "2030-05-01"]) {
        await create({ title: "sorted", priority, dueDate });
      }
    }
  });

  const get = (query: string) => app.send("GET", `${TODOS}?${query}`, { headers: ann });
  const create = async (json: object) =>
    (await (await app.send("POST", TODOS, { json, headers: ann })).json()) as Todo;
  const list = async (query: string) => {
    const response = await get(query);
    assert.equal(response.status, 200, query);
    return (await response.json()) as { items: Todo[]; nextCursor: string | null };
  };
  const titles = async (query: string) => (await list(query)).items.map(({ title }) => title);
  const walk = async (query: string, between: (last?: Todo) => unknown = () => undefined) => {
    const seen: Todo[] = [];
    let cursor = "";
    do {
      const { items, nextCursor } = await list(`${query}${cursor && `&cursor=${cursor}`}`);
      seen.push(...items);
      cursor = nextCursor ?? "";
      await between(items.at(-1));
    } while (cursor);
    return seen;
  };

  describe("finds", () => {
    before(async () => {
      await create({ title: "Work", tags: ["work", "first"], dueDate: "2030-01-01" });
      await create({ title: "Homework", tags: ["homework", "first"], priority: "low" });
      const { id } = await create({ title: "Done 100%_(.*)", notes: "Äж", tags: ["Work"] });
      const json = { done: true };
      await app.send("PATCH", `${TODOS}/${id}`, { json, headers: ann });
    });

    const expected: [query: string, titles: string[]][] = [
      ["done=true", ["Done 100%_(.*)"]],
      ["tag=work", ["Work"]],
      ["tag=Work", ["Done 100%_(.*)"]],
      ["tag=first", ["Homework", "Work"]],
      ["tag=first&priority=low", ["Homework"]],
      ["tag=first&dueBefore=2030-01-02", ["Work"]],
      ["tag=first&dueBefore=2030-01-01", []],
      ["tag=wor", []],
      ["q=WORK", ["Homework", "Work"]],
      ["q=%C3%A4%D0%96", ["Done 100%_(.*)"]],
      ["q=100%25_(.*)", ["Done 100%_(.*)"]],
      ["q=H%25k", []],
      ["q=H.*k", []],
      ["q[$ne]=x&colour=red&tag=work", ["Work"]],
    ];
    for (const [query, found] of expected) {
      it(`by ?${query}`, async () => assert.deepEqual(await titles(query), found));
    }
  });

  describe("is sorted", () => {
    it("by due date, with those that have none at the end", async () => {
      for (const [sort, dates] of [
        ["dueDate", ["2029-12-31", "2030-05-01"]],
        ["-dueDate", ["2030-05-01", "2029-12-31"]],
      ] as const) {
        const { items } = await list(`q=sorted&sort=${sort}`);
        const found = items.map(({ dueDate }) => dueDate);
        assert.deepEqual([...new Set(found)], [...dates, null]);
        assert.equal(found.indexOf(null), 9);
      }
    });

    it("by the rank of priorities, not by their names", async () => {
      const { items } = await list("q=sorted&sort=-priority");
      const found = items.map(({ priority }) => priority);
      assert.deepEqual([...new Set(found)], ["high", "normal", "low"]);
    });

    it("by the time of creation, the newest first", async () => {
      const [first] = (await list("limit=1")).items;
      const last = await create({ title: "the newest" });
      assert.equal((await list("limit=1")).items[0]?.id, last.id);
      assert.notEqual(first?.id, last.id);
      const [oldest] = (await list("sort=createdAt&limit=1")).items;
      assert.ok(oldest && oldest.id < last.id);
    });
  });

  describe("in pages", () => {
    for (const sort of [
      "createdAt",
      "-createdAt",
      "dueDate",
      "-dueDate",
      "priority",
      "-priority",
    ]) {
      it(`has everything once, sorted by ${sort}`, async () => {
        const whole = await list(`q=sorted&sort=${sort}`);
        assert.equal(whole.items.length, 12);
        assert.equal(whole.nextCursor, null);
        for (const limit of [1, 5, 12]) {
          assert.deepEqual(await walk(`q=sorted&sort=${sort}&limit=${limit}`), whole.items);
        }
      });
    }

    it("does not move when todos come and go", async () => {
      const made: string[] = [];
      for (let i = 0; i < 6; i += 1) made.unshift((await create({ title: `moving ${i}` })).id);
      const seen = await walk("q=moving&limit=2", async (last) => {
        await create({ title: "moving, too" });
        await app.send("DELETE", `${TODOS}/${last?.id}`, { headers: ann });
      });
      assert.deepEqual(
        seen.map(({ id }) => id),
        made,
      );
    });

    it("takes a cursor of another order for a place like any other", async () => {
      const { nextCursor } = await list("sort=dueDate&limit=2");
      for (const sort of ["priority", "-createdAt", "-dueDate"]) {
        await list(`sort=${sort}&cursor=${nextCursor}`);
      }
    });
  });

  const forged = Buffer.from(`' OR '1'='1 ${crypto.randomUUID()}`).toString("base64url");
  for (const query of [
    "limit=0",
    "limit=101",
    "limit=1e1",
    "cursor=x",
    "cursor=",
    `cursor=${forged}`,
    "q=%00",
    "q=a&q=b",
    "done=yes",
    "priority=urgent",
    "tag=",
    "dueBefore=2030-02-30",
    "sort=title",
  ]) {
    it(`refuses ?${query}`, async () => assert.equal((await get(query)).status, 422));
  }
});
