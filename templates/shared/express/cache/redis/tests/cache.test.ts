import assert from "node:assert/strict";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { environment } from "../src/config.ts";
import { shutDown } from "../src/lifecycle.ts";
import { eventually } from "./support/app.ts";

const { CACHE_URL = "" } = process.env;

/** A wire to Redis that can be cut. */
class Wire {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  async connect(): Promise<void> {
    const { hostname, port } = new URL(CACHE_URL);
    this.#server = createServer((near) => {
      const far = dial(Number(port || 6379), hostname);
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined);
      }
    });
    await new Promise<void>((done) => this.#server?.listen(this.port, "127.0.0.1", done));
    this.port = (this.#server.address() as { port: number }).port;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server?.close(done));
  }
}

describe("the URL of Redis", () => {
  const urls = {
    "redis://localhost": true,
    "redis://user:p%40ss@localhost:6379/15": true,
    "rediss://cache.example:6380/0": true,
    "http://localhost:6379/0": false,
    "redis://": false,
    "redis://localhost:99999/0": false,
    "redis://user:100%@localhost/0": false,
  };
  for (const [url, valid] of Object.entries(urls)) {
    it(`${valid ? "may" : "may not"} be "${url}"`, () => {
      assert.equal(environment(false).shape.CACHE_URL.safeParse(url).success, valid);
    });
  }
});

describe("the cache in Redis", () => {
  const wire = new Wire();
  let cache: typeof import("../src/cache.ts").cache;

  before(async () => {
    await wire.connect();
    process.env["CACHE_URL"] = `redis://127.0.0.1:${wire.port}${new URL(CACHE_URL).pathname}`;
    ({ cache } = await import("../src/cache.ts"));
    await works();
  });

  after(async () => {
    await shutDown();
    await wire.cut();
  });

  function works(): Promise<void> {
    return eventually(async () => {
      await cache.put("works", "yes", 1, 1_000);
      assert.equal(await cache.get("works"), "yes");
    });
  }

  it("gives back what was put, until its life is over", async () => {
    // A busy machine may take longer than the life of the entry, or than the time that the cache gives Redis.
    await eventually(async () => {
      await cache.put("a", { deep: ["value"] }, 1, 1_000);
      assert.deepEqual(await cache.get("a"), { deep: ["value"] });
    });
    await wait(1_100);
    assert.equal(await cache.get("a"), undefined);
  });

  it("keeps the newer version, whichever comes last", async () => {
    const holds = (value: string) =>
      eventually(async () => assert.equal(await cache.get("b"), value));
    await cache.put("b", "new", 10, 60_000);
    await cache.put("b", "old", 9, 60_000);
    await holds("new");
    await cache.put("b", "newer", 11, 60_000);
    await holds("newer");
  });

  it("is missed, not waited for, while Redis is away, and comes back by itself", async () => {
    await wire.cut();
    assert.equal(await cache.get("a"), undefined);
    await cache.put("c", "never arrives", 2, 60_000); // whoever waits for Redis never gets to the next line
    await wire.connect();
    await works();
  });
});
