import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { closeContext, createApp, openContext } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import type { Context, Feature } from "../../src/context.ts";
import { createLogger } from "../../src/log.ts";
import { cacheUrl } from "./cache.ts";
import { databaseUrl } from "./database.ts";

export interface TestApp {
  url: string;
  context: Context;
  /** `fetch` on this server, with a body sent as JSON, and redirects left alone. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
}

export interface SendOptions {
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

export const testEnvironment = {
  APP_ENV: "test",
  DATABASE_URL: databaseUrl(),
  CACHE_URL: cacheUrl(),
  SECRET_KEY: "a-secret-of-the-tests-and-nothing-else",
  PUBLIC_URL: "https://short.test",
  RATE_LIMIT: "0",
  LOG_LEVEL: "error",
};

let migrated = false;
const closing: (() => Promise<void>)[] = [];

after(async () => {
  for (const close of closing) await close();
});

/** A real server on a free port with an empty database; it ends with the test file. */
export async function startApp(
  environment: Record<string, string> = {},
  extraFeatures: Feature[] = [],
): Promise<TestApp> {
  const config = loadConfig({ ...testEnvironment, ...environment });
  const context = openContext(config, createLogger(config.LOG_LEVEL));
  if (!migrated) await emptyDatabase(context);
  migrated = true;
  await eventually(() => Promise.all([context.db.ping(), context.cache.ping()]));
  context.features.unshift(...extraFeatures);

  const server = createServer(createApp(context));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await closeContext(context);
  });

  return {
    url,
    context,
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

async function emptyDatabase({ db: { migrator } }: Context): Promise<void> {
  await migrator.down({ to: 0 });
  await migrator.up();
}

/** Tries until it holds, for what takes effect within a moment. */
export async function eventually(check: () => unknown): Promise<void> {
  const deadline = Date.now() + 3_000;
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
