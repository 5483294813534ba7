import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type ClickBatch, ClickCounter } from "../src/features/links/clicks.ts";
import { addClicks, sumClicks } from "../src/features/links/links.repository.ts";
import { log } from "../src/logger.ts";
import { eventually, startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

interface Stats {
  total: number;
  perDay: { date: string; clicks: number }[];
  referrers: { host: string | null; clicks: number }[];
}

describe("clicks", () => {
  let app: TestApp;
  let ann: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
  });

  async function create(): Promise<{ id: string; code: string }> {
    const json = { url: "https://example.com/" };
    const response = await app.send("POST", "/api/v1/links", { json, headers: ann });
    return (await response.json()) as { id: string; code: string };
  }
  const read = async (id: string, path = "/stats") =>
    await (await app.send("GET", `/api/v1/links/${id}${path}`, { headers: ann })).json();
  const stats = async (id: string, query = "") => (await read(id, `/stats${query}`)) as Stats;
  const today = () => new Date().toISOString().slice(0, 10);

  it("are counted by day and referring host, soon after", async () => {
    const { id, code } = await create();
    const referrers = [
      "https://News.example:8080/today",
      "http://news.example/",
      undefined,
      "rubbish",
    ];
    for (const Referer of referrers) {
      await app.send("GET", `/${code}`, { headers: Referer === undefined ? {} : { Referer } });
    }
    await app.send("HEAD", `/${code}`);
    await app.send("GET", `/${code}`, { headers: { "Sec-Purpose": "prefetch" } });
    await eventually(async () => {
      const { total, perDay, referrers: hosts } = await stats(id, "?days=7");
      assert.equal(total, 4);
      assert.equal(perDay.length, 7);
      assert.deepEqual(perDay.at(-1), { date: today(), clicks: 4 });
      assert.equal(perDay[0]?.clicks, 0);
      const byHost = new Map(hosts.map(({ host, clicks }) => [host, clicks]));
      assert.deepEqual(
        byHost,
        new Map([
          ["news.example", 2],
          [null, 2],
        ]),
      );
    });
    const link = (await read(id, "")) as { clicks: number };
    assert.equal(link.clicks, 4);
  });

  it("do not change the ETag", async () => {
    const { id, code } = await create();
    const tag = async () =>
      (await app.send("GET", `/api/v1/links/${id}`, { headers: ann })).headers.get("etag");
    const before_ = await tag();
    await app.send("GET", `/${code}`);
    await eventually(async () => assert.equal((await stats(id)).total, 1));
    assert.equal(await tag(), before_);
  });

  it("are shown for 1 to 90 days, 30 if not said", async () => {
    const { id } = await create();
    assert.equal((await stats(id)).perDay.length, 30);
    assert.equal((await stats(id, "?days=90")).perDay.length, 90);
    for (const days of ["0", "91", "x", ""]) {
      const path = `/api/v1/links/${id}/stats?days=${days}`;
      assert.equal((await app.send("GET", path, { headers: ann })).status, 422);
    }
  });

  it("of the same batch count once, however often it is sent", async () => {
    const { id } = await create();
    const batch = (sequence: number): ClickBatch => ({
      writer: "the-writer",
      sequence,
      clicks: [
        { linkId: id, day: today(), host: "a.example", count: 3 },
        { linkId: id, day: today(), host: null, count: 4 },
      ],
    });
    await addClicks(batch(1));
    await addClicks(batch(1));
    assert.equal((await stats(id)).total, 7);
    await addClicks(batch(2));
    assert.equal((await stats(id)).total, 14);
    assert.equal((await stats(id)).perDay.at(-1)?.clicks, 14);
  });

  it("that many processes write for the same links at the same time are all counted", async () => {
    const links = [await create(), await create(), await create()];
    const batch = (writer: number): ClickBatch => {
      const clicks = links.map(({ id }) => ({ linkId: id, day: today(), host: null, count: 1 }));
      const ordered = writer % 2 === 0 ? clicks : clicks.reverse();
      return { writer: `writer ${writer}`, sequence: 1, clicks: ordered };
    };
    await Promise.all(Array.from({ length: 40 }, (_, writer) => addClicks(batch(writer))));
    for (const { id } of links) assert.equal((await stats(id)).total, 40);
  });

  it("of a deleted link are gone, and later ones are not written", async () => {
    const { id, code } = await create();
    await app.send("GET", `/${code}`);
    await eventually(async () => assert.equal((await stats(id)).total, 1));
    await app.send("DELETE", `/api/v1/links/${id}`, { headers: ann });
    const clicks = [{ linkId: id, day: today(), host: "late.example", count: 1 }];
    await addClicks({ writer: "late", sequence: 1, clicks });
    assert.deepEqual(await sumClicks(id, "2000-01-01", "host"), []);
  });

  it("wait while the database is away, and none is lost or counted twice", async (t) => {
    t.mock.method(log, "warn", () => undefined);
    const written: ClickBatch[] = [];
    let down = true;
    const counter = new ClickCounter((batch) => {
      if (down) return Promise.reject(new Error("down"));
      written.push(batch);
      return Promise.resolve();
    });
    counter.record("a", undefined);
    await counter.flush();
    counter.record("a", "https://b.example/");
    await counter.flush();
    down = false;
    await counter.stop();
    const counts = written.map(({ sequence, clicks }) => [sequence, clicks[0]?.count]);
    assert.deepEqual(counts, [
      [1, 1],
      [2, 1],
    ]);
  });

  it("of made-up referrers cannot fill the memory", async () => {
    const batches: ClickBatch[] = [];
    const counter = new ClickCounter((batch) => Promise.resolve(void batches.push(batch)));
    for (let i = 0; i < 30_000; i += 1) counter.record("a", `https://host-${i}.example/`);
    await counter.stop();
    const clicks = batches.flatMap((batch) => batch.clicks);
    assert(clicks.length <= 10_001);
    assert.equal(
      clicks.reduce((sum, { count }) => sum + count, 0),
      30_000,
    );
  });
});
