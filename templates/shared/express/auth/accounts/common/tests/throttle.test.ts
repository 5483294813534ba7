import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "../src/errors.ts";
import { Throttle } from "../src/features/accounts/throttle.ts";

const fails = () => Promise.resolve(false);
const succeeds = () => Promise.resolve(true);

async function outcome(attempt: Promise<boolean>): Promise<string> {
  try {
    return (await attempt) ? "in" : "wrong";
  } catch (error) {
    assert(error instanceof Problem);
    assert.equal(error.status, 429);
    assert(Number(error.extras.headers?.["Retry-After"]) >= 1);
    return "later";
  }
}

describe("the log-in throttle", () => {
  it("stops a client after five failures for one address, the right password included", async () => {
    const throttle = new Throttle();
    for (let i = 0; i < 5; i += 1) {
      assert.equal(await outcome(throttle.run("client", "ann", fails)), "wrong");
    }
    assert.equal(await outcome(throttle.run("client", "ann", succeeds)), "later");
    assert.equal(await outcome(throttle.run("client", "bob", succeeds)), "in");
    assert.equal(await outcome(throttle.run("another", "ann", succeeds)), "in");
  });

  it("stops a client after twenty failures over all addresses", async () => {
    const throttle = new Throttle();
    for (let i = 0; i < 20; i += 1) await throttle.run("client", `user-${i}`, fails);
    assert.equal(await outcome(throttle.run("client", "ann", succeeds)), "later");
    assert.equal(await outcome(throttle.run("another", "ann", succeeds)), "in");
  });

  it("ends with the minute", async (t) => {
    t.mock.timers.enable({ apis: ["Date"] });
    const throttle = new Throttle();
    for (let i = 0; i < 5; i += 1) await throttle.run("client", "ann", fails);
    t.mock.timers.tick(59_000);
    assert.equal(await outcome(throttle.run("client", "ann", succeeds)), "later");
    t.mock.timers.tick(1_001);
    assert.equal(await outcome(throttle.run("client", "ann", succeeds)), "in");
  });

  it("counts attempts that are sent at the same time", async () => {
    const throttle = new Throttle();
    let guesses = 0;
    const slowly = async () => {
      guesses += 1;
      await wait(1);
      return false;
    };
    const attempts = Array.from({ length: 50 }, () =>
      outcome(throttle.run("client", "ann", slowly)),
    );
    const outcomes = await Promise.all(attempts);
    assert.equal(guesses, 5);
    assert.equal(outcomes.filter((each) => each === "later").length, 45);
  });
});
