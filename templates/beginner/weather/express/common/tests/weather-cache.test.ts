import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { isHttpError } from "http-errors";
import { cache } from "../src/cache.ts";
import { cached } from "../src/features/weather/weather-cache.ts";
import { readinessChecks } from "../src/lifecycle.ts";
import { log } from "../src/logger.ts";
import { UpstreamError } from "../src/upstream/http-client.ts";
import { eventually } from "./support/app.ts";

const LIVES = { freshMs: 50, keptMs: () => 60_000 };

describe("what is fetched", () => {
  let key = "";
  let loads = 0;

  beforeEach(async () => {
    await eventually(() => Promise.all(Object.values(readinessChecks).map((check) => check())));
    key = crypto.randomUUID();
    loads = 0;
  });

  const load = async () => {
    loads += 1;
    return { number: loads };
  };
  const fail = () => Promise.reject<{ number: number }>(new UpstreamError("down"));

  it("is stored while it is fresh, and then fetched again", async () => {
    assert.deepEqual(await cached(key, load, LIVES), {
      data: { number: 1 },
      age: null,
      stale: false,
    });
    const lives = { ...LIVES, freshMs: 60_000 };
    assert.deepEqual(await cached(key, load, lives), { data: { number: 1 }, age: 0, stale: false });
    await wait(60);
    assert.deepEqual((await cached(key, load, LIVES)).data, { number: 2 });
  });

  it("has an age in whole seconds", async () => {
    await cached(key, load, LIVES);
    await wait(1_050);
    const { age } = await cached(key, load, { ...LIVES, freshMs: 60_000 });
    assert([1, 2, 3, 4].includes(age ?? 0), `${age} s`); // more than one on a busy machine
  });

  it("is served old while nothing newer is to be had", async () => {
    await cached(key, load, LIVES);
    await wait(60);
    const old = await cached(key, fail, LIVES);
    assert.deepEqual([old.data, old.stale], [{ number: 1 }, true]);
    assert.equal((await cached(key, load, LIVES)).stale, false);
  });

  it("is not kept for ever", async () => {
    await cached(key, load, { ...LIVES, keptMs: () => 100 });
    await wait(150);
    await assert.rejects(cached(key, fail, LIVES));
  });

  it("fails with 503 when nothing is stored", async () => {
    await assert.rejects(
      cached(key, fail, LIVES),
      (error) => isHttpError(error) && error.status === 503,
    );
    assert.deepEqual((await cached(key, load, LIVES)).data, { number: 1 });
  });

  it("does not hide our own mistakes", async () => {
    await cached(key, load, LIVES);
    await wait(60);
    const bug = () => Promise.reject(new TypeError("a bug"));
    await assert.rejects(cached(key, bug, LIVES), TypeError);
  });

  it("does not replace what another process asked for later and has stored first", async () => {
    const slow = async () => {
      await wait(5);
      const newer = { data: { number: 2 }, fetchedAt: Date.now() };
      await cache.put(key, newer, Date.now(), 60_000);
      await wait(5);
      return load();
    };
    assert.deepEqual((await cached(key, slow, LIVES)).data, { number: 1 });
    const lives = { ...LIVES, freshMs: 60_000 };
    assert.deepEqual((await cached(key, load, lives)).data, { number: 2 });
  });

  it("fails with one line in the log for all who wait", async (t) => {
    const lines = t.mock.method(log, "warn", () => undefined);
    const slowly = () => wait(30).then(fail);
    await Promise.allSettled(Array.from({ length: 20 }, () => cached(key, slowly, LIVES)));
    assert.equal(lines.mock.callCount(), 1);
  });

  it("is fetched once for a hundred who ask together", async () => {
    const slow = async () => {
      await wait(30);
      return load();
    };
    const results = await Promise.all(
      Array.from({ length: 100 }, () => cached(key, slow, { ...LIVES, freshMs: 60_000 })),
    );
    assert.equal(loads, 1);
    assert(results.every(({ data }) => data.number === 1));
  });
});
