import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import type { Express } from "express";
import { createApp } from "../../src/app.ts";
import { type Config, config } from "../../src/config.ts";
import { readinessChecks, shutDown } from "../../src/lifecycle.ts";

assert.equal(config.APP_ENV, "test", "Run the tests with npm test: it gives them a database.");

const servers: Server[] = [];
after(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await shutDown();
});

export interface TestApp {
  url: string;
  /** `fetch` on this server, with a body sent as JSON, and redirects left alone. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
}

export interface SendOptions {
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** The application with some settings of its own; it ends with the test file. */
export async function startApp(settings: Partial<Config> = {}): Promise<TestApp> {
  await eventually(() => Promise.all(Object.values(readinessChecks).map((check) => check())));
  return listen(createApp({ ...config, ...settings }));
}

/** An application on a free port. */
export async function listen(app: Express): Promise<TestApp> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  servers.push(server);
  return {
    url,
    send(method, path, { json, body, headers = {} } = {}) {
      const type = json === undefined ? {} : { "Content-Type": "application/json" };
      const content = json === undefined ? body : JSON.stringify(json);
      return fetch(url + path, {
        method,
        headers: { ...type, ...headers },
        redirect: "manual",
        ...(content !== undefined && { body: content }),
      });
    },
  };
}

/** Tries until it holds, for what takes effect within a moment. */
export async function eventually(check: () => unknown): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
