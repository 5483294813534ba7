import type { Request } from "express";
import type { Cache } from "./cache.ts";
import type { Config } from "./config.ts";
import type { Database, Transaction } from "./db.ts";
import type { Caller, Endpoint } from "./http/endpoint.ts";
import type { Logger } from "./log.ts";

/** What the process holds once: opened by `openContext`, passed to whatever needs it, closed at shutdown. */
export interface Context extends BaseContext {
  identity: Identity;
  features: Feature[];
}

export interface BaseContext {
  config: Config;
  log: Logger;
  db: Database;
  cache: Cache;
  /** Called inside the transaction that deletes an account; what they return runs after the commit. */
  accountHooks: AccountHook[];
}

export type AccountHook = (userId: string, tx: Transaction) => Promise<() => Promise<void>>;

/** A folder under `features/`: what it answers to, and what it does at shutdown and at `seed`. */
export interface Feature {
  endpoints: Endpoint[];
  stop?(): Promise<void>;
  seed?(ownerId: string): Promise<void>;
}

export type FeatureFactory = (context: BaseContext) => Feature;

/** The one thing features know about signing in; each auth choice implements it in `identity.ts`. */
export interface Identity {
  /** Signing up, in and out. */
  endpoints: Endpoint[];
  /** The caller of this request, or a 401 problem. */
  authenticate(req: Request): Promise<Caller>;
  /** Refuses a state-changing request that another site could have made the browser send. */
  refuseForgery(req: Request): void;
  /** The owner of what `seed` creates. */
  demoUser(): Promise<string>;
  /** Whether browsers send credentials (cookies) across origins. */
  usesCookies: boolean;
  /** `WWW-Authenticate` of a 401, where the scheme has one. */
  challenge?: string;
  /** How OpenAPI describes it; empty when nobody signs in. */
  securitySchemes: Record<string, Record<string, unknown>>;
}
