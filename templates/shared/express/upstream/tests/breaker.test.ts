import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { CircuitBreaker } from "../src/upstream/breaker.ts";
import { UpstreamError } from "../src/upstream/http-client.ts";

const OPEN_MS = 100;

describe("the circuit breaker", () => {
  let breaker: CircuitBreaker;
  let calls = 0;

  beforeEach(() => {
    breaker = new CircuitBreaker(3, OPEN_MS);
    calls = 0;
  });

  const succeed = () => breaker.run(async () => ++calls);
  const fail = () =>
    breaker
      .run(() => {
        calls += 1;
        return Promise.reject(new Error("down"));
      })
      .catch(() => undefined);
  const open = async () => {
    for (let i = 0; i < 3; i += 1) await fail();
  };

  it("passes results and errors on", async () => {
    assert.equal(await succeed(), 1);
    await assert.rejects(
      breaker.run(() => Promise.reject(new Error("down"))),
      /down/,
    );
  });

  it("opens after failures in a row: then nothing is called", async () => {
    await open();
    await assert.rejects(succeed(), UpstreamError);
    assert.equal(calls, 3);
  });

  it("stays closed when a success comes between", async () => {
    for (let i = 0; i < 4; i += 1) {
      await fail();
      await fail();
      await succeed();
    }
    assert.equal(calls, 12);
  });

  it("lets one of many try when its time is up", async () => {
    await open();
    await wait(OPEN_MS + 20);
    const results = await Promise.allSettled(Array.from({ length: 10 }, succeed));
    assert.equal(calls, 4);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  });

  it("closes with a success", async () => {
    await open();
    await wait(OPEN_MS + 20);
    await succeed();
    await fail();
    await fail();
    assert.equal(await succeed(), 7);
  });

  it("opens again with a failure", async () => {
    await open();
    await wait(OPEN_MS + 20);
    await fail();
    await assert.rejects(succeed(), UpstreamError);
    assert.equal(calls, 4);
  });
});
