import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { before, beforeEach, describe, it } from "node:test";
import { getJson, UpstreamError } from "../src/upstream/http-client.ts";
import { sends, startUpstream, type Upstream } from "./support/upstream.ts";

const LIMITS = { timeoutMs: 400, maxBytes: 1_000 };

describe("a call to another service", () => {
  let upstream: Upstream;

  before(async () => {
    upstream = await startUpstream();
  });
  beforeEach(() => void upstream.requests.splice(0));

  const get = (path = "/x?key=secret", limits = LIMITS) =>
    getJson(new URL(path, upstream.url), limits);

  async function fails(expected: RegExp, call = get()) {
    await assert.rejects(call, (error) => {
      assert(error instanceof UpstreamError);
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /secret|127\.0\.0\.1/);
      return true;
    });
  }

  it("gives the document", async () => {
    upstream.answer(sends({ a: [1, "ü"] }));
    assert.deepEqual(await get(), { a: [1, "ü"] });
    assert.equal(upstream.requests[0]?.headers.accept, "application/json");
  });

  it("takes a body of the largest size, and no larger one", async () => {
    const text = (size: number) => "x".repeat(size - 2);
    upstream.answer(sends(text(1_000)));
    assert.equal(await get(), text(1_000));
    upstream.answer(sends(text(1_001)));
    await fails(/more than 1000 bytes/);
  });

  it("reads no further than the limit", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    upstream.answer((_req, res) => {
      const pour = setInterval(() => res.write(" ".repeat(500)), 1);
      res.on("close", () => {
        clearInterval(pour);
        resolve();
      });
    });
    await fails(/more than 1000 bytes/, get("/", { ...LIMITS, timeoutMs: 10_000 }));
    await closed;
  });

  const silent: Record<string, RequestListener> = {
    "says nothing": () => undefined,
    "sends its headers and no body": (_req, res) => void res.writeHead(200).flushHeaders(),
    "sends a byte now and then": (_req, res) => {
      const drip = setInterval(() => res.write(" "), 50);
      res.on("close", () => clearInterval(drip));
    },
  };
  for (const [how, listener] of Object.entries(silent)) {
    it(`ends in time when the service ${how}`, async () => {
      upstream.answer(listener);
      await fails(/did not answer in time/);
      assert.equal(upstream.requests.length, 1);
    });
  }

  const useless: [how: string, listener: RequestListener, expected: RegExp][] = [
    ["HTML", (_req, res) => void res.end("<h1>Maintenance</h1>"), /not JSON/],
    ["nothing", (_req, res) => void res.end(), /not JSON/],
    ["an error", sends({}, 500), /answered 500/],
    ["too many requests", sends({}, 429), /answered 429/],
    ["not found", sends({}, 404), /answered 404/],
  ];
  for (const [how, listener, expected] of useless) {
    it(`fails with ${how}, and is not tried again`, async () => {
      upstream.answer(listener);
      await fails(expected);
      assert.equal(upstream.requests.length, 1);
    });
  }

  it("does not follow a redirect", async () => {
    upstream.answer((req, res) => {
      if (req.url === "/elsewhere") return void res.end("{}");
      res.writeHead(302, { Location: "/elsewhere" }).end();
    });
    await fails(/answered 302/);
    assert.equal(upstream.requests.length, 1);
  });

  for (const status of [502, 503, 504]) {
    it(`is tried once more after ${status}`, async () => {
      upstream.answer((req, res) =>
        sends({}, upstream.requests.length === 1 ? status : 200)(req, res),
      );
      assert.deepEqual(await get(), {});
      upstream.answer(sends({}, status));
      await fails(new RegExp(`answered ${status}`));
      assert.equal(upstream.requests.length, 4);
    });
  }

  it("is tried once more after a broken connection", async () => {
    upstream.answer((req, res) => {
      if (upstream.requests.length === 1) req.socket.destroy();
      else res.end("{}");
    });
    assert.deepEqual(await get(), {});
  });

  it("fails when nobody listens", async () => {
    await fails(/could not be reached/, getJson(new URL("http://127.0.0.1:1/"), LIMITS));
  });
});
