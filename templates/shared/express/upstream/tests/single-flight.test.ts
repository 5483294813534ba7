import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SingleFlight } from "../src/upstream/single-flight.ts";

describe("single flight", () => {
  const flights = new SingleFlight<number>();
  let calls = 0;
  const work = async () => {
    await new Promise((done) => setTimeout(done, 10));
    calls += 1;
    return calls;
  };

  it("does the work once for all who ask in the meantime", async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => flights.run("a", work)));
    assert.deepEqual(new Set(results), new Set([1]));
  });

  it("does it again for those who come later, and apart for other keys", async () => {
    assert.equal(await flights.run("a", work), 2);
    const results = await Promise.all([flights.run("b", work), flights.run("c", work)]);
    assert.deepEqual(results.sort(), [3, 4]);
  });

  it("shares a failure, and does not keep it", async () => {
    const failing = () => work().then(() => Promise.reject<number>(new Error("down")));
    const results = await Promise.allSettled([flights.run("d", failing), flights.run("d", work)]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(calls, 5);
    assert.equal(await flights.run("d", work), 6);
  });
});
