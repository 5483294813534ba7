import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { cache } from "../src/cache.ts";

describe("the cache", () => {
  it("gives back what was put, until its life is over", async () => {
    await cache.put("a", "value", 1, 1_000);
    assert.equal(await cache.get("a"), "value");
    await wait(1_050);
    assert.equal(await cache.get("a"), undefined);
  });

  it("keeps the newer version, whichever comes last", async () => {
    await cache.put("b", "new", 2, 60_000);
    await cache.put("b", "old", 1, 60_000);
    assert.equal(await cache.get("b"), "new");
    await cache.put("b", "newer", 3, 60_000);
    assert.equal(await cache.get("b"), "newer");
  });

  it("is bounded: what was not asked for longest goes first", async () => {
    for (let i = 0; i <= 10_000; i += 1) await cache.put(`many-${i}`, "x", 1, 60_000);
    assert.equal(await cache.get("many-0"), undefined);
    assert.equal(await cache.get("many-10000"), "x");
  });
});
