import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { isHttpError } from "http-errors";
import { throttle } from "../src/features/accounts/throttle.ts";

const fails = () => Promise.resolve(null);
const succeeds = () => Promise.resolve("user");

async function outcome(attempt: Promise<string | null>): Promise<string> {
  try {
    return (await attempt) ? "in" : "wrong";
  } catch (error) {
    assert(isHttpError(error));
    assert.equal(error.status, 429);
    assert(Number(error.headers?.["Retry-After"]) >= 1);
    return "later";
  }
}

/** A client of its own for each test: the counters are those of the process. */
const newClient = () => crypto.randomUUID();

describe("the log-in throttle", () => {
  it("stops a client after five failures for one address, the right password included", async () => {
    const [client, another] = [newClient(), newClient()];
    for (let i = 0; i < 5; i += 1) {
      assert.equal(await outcome(throttle(client, "ann", fails)), "wrong");
    }
    assert.equal(await outcome(throttle(client, "ann", succeeds)), "later");
    for (let i = 0; i < 30; i += 1) await outcome(throttle(client, "ann", fails)); // not counted
    assert.equal(await outcome(throttle(client, "bob", succeeds)), "in");
    assert.equal(await outcome(throttle(another, "ann", succeeds)), "in");
  });

  it("does not count what succeeded", async () => {
    const client = newClient();
    for (let i = 0; i < 30; i += 1) {
      assert.equal(await outcome(throttle(client, "ann", succeeds)), "in");
    }
  });

  it("stops a client after twenty failures over all addresses", async () => {
    const [client, another] = [newClient(), newClient()];
    for (let i = 0; i < 20; i += 1) await throttle(client, `user-${i}`, fails);
    assert.equal(await outcome(throttle(client, "ann", succeeds)), "later");
    assert.equal(await outcome(throttle(another, "ann", succeeds)), "in");
  });

  it("does not count an attempt that could not be made", async () => {
    const client = newClient();
    const breaks = () => Promise.reject(new Error("the database is down"));
    for (let i = 0; i < 6; i += 1) await assert.rejects(throttle(client, "ann", breaks), /down/);
    assert.equal(await outcome(throttle(client, "ann", succeeds)), "in");
  });

  it("counts attempts that are sent at the same time", async () => {
    const client = newClient();
    let guesses = 0;
    const slowly = async () => {
      guesses += 1;
      await wait(1);
      return null;
    };
    const attempts = Array.from({ length: 50 }, () => outcome(throttle(client, "ann", slowly)));
    const outcomes = await Promise.all(attempts);
    assert.equal(guesses, 5);
    assert.equal(outcomes.filter((each) => each === "later").length, 45);
  });
});
