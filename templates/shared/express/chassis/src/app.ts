import express, { type Express } from "express";
import { openCache } from "./cache.ts";
import type { Config } from "./config.ts";
import type { BaseContext, Context } from "./context.ts";
import { openDatabase } from "./db.ts";
import { notFound } from "./errors.ts";
import { features } from "./features.ts";
import { cors } from "./http/cors.ts";
import { answerErrors } from "./http/errors.ts";
import { addHeaders } from "./http/headers.ts";
import { mount } from "./http/mount.ts";
import { operations } from "./http/operations.ts";
import { rateLimit } from "./http/rate-limit.ts";
import { observe } from "./http/request.ts";
import { createIdentity } from "./identity.ts";
import type { Logger } from "./log.ts";

/** Opens what the application works with. Nothing here waits for a server: one that is down is found by `/ready`. */
export function openContext(config: Config, log: Logger): Context {
  const db = openDatabase(config, log);
  const base: BaseContext = { config, log, db, cache: openCache(config, log), accountHooks: [] };
  return {
    ...base,
    identity: createIdentity(base),
    features: features.map((create) => create(base)),
  };
}

/** Features first, for they may still have something to write. */
export async function closeContext({ features, cache, db }: Context): Promise<void> {
  for (const feature of features) await feature.stop?.();
  await cache.close();
  await db.close();
}

/** The whole HTTP side, without listening, so that a test can put it on any port. */
export function createApp(context: Context): Express {
  const { config } = context;
  const app = express();
  app.disable("x-powered-by");
  // Express would hash every body for an ETag; those that carry one set it themselves, from a version.
  app.disable("etag");
  // `/health/` and `/Health` are not `/health`.
  app.enable("strict routing");
  app.enable("case sensitive routing");
  app.set("trust proxy", config.TRUSTED_PROXIES);

  addHeaders(app, config);
  app.use(observe(context.log));
  // Before the limit: a page must be able to read a 429, and a preflight is the browser's own request.
  if (config.CORS_ORIGINS.length > 0)
    app.use(cors(config.CORS_ORIGINS, context.identity.usesCookies));
  if (config.RATE_LIMIT > 0) app.use(rateLimit(config.RATE_LIMIT));
  const { identity, features } = context;
  const endpoints = [...identity.endpoints, ...features.flatMap((feature) => feature.endpoints)];
  mount(app, [...operations(context, endpoints), ...endpoints], context);
  app.use(() => {
    throw notFound();
  });
  app.use(answerErrors(context));
  return app;
}
