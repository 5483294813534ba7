import { resolve } from "node:path";
import mongoose from "mongoose";
import { MongoDBStorage, Umzug } from "umzug";
import { z } from "zod";
import type { Logger } from "./log.ts";

const SELECTION_MS = 700;
const COMMAND_MS = 1_000;
const RECONNECT_MS = 1_000;

export const databaseSettings = {
  DATABASE_URL: z
    .string({ error: "is required" })
    .refine(isMongoUrl, "must be mongodb://host:port/database"),
};

/**
 * A single MongoDB server has no transactions, so nothing here pretends to: whoever writes to several documents puts
 * the steps in an order in which stopping half-way does no harm, and doing them again completes them.
 */
export type Transaction = undefined;

export interface Database {
  connection: mongoose.Connection;
  migrator: Umzug<mongoose.Connection>;
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Goes on trying to connect, so that the process starts, and says so in `/ready`, while the database is down. */
export function openDatabase(config: { DATABASE_URL: string }, log: Logger): Database {
  const connection = mongoose.createConnection();
  let closed = false;
  const connect = async (): Promise<void> => {
    while (!closed) {
      try {
        await connection.openUri(config.DATABASE_URL, {
          // Together under two seconds: what waits longer is a 503, not a request that hangs.
          serverSelectionTimeoutMS: SELECTION_MS,
          connectTimeoutMS: COMMAND_MS,
          socketTimeoutMS: COMMAND_MS,
          waitQueueTimeoutMS: COMMAND_MS,
          retryReads: false, // or a server that hangs is waited for twice
          heartbeatFrequencyMS: RECONNECT_MS,
          autoIndex: false, // indexes come from the migrations
          autoCreate: false,
        });
        return;
      } catch (error) {
        log.warn({ err: error }, "database not reached, will try again");
        await new Promise((wake) => setTimeout(wake, RECONNECT_MS).unref());
      }
    }
  };
  // Commands wait this long for the first connection, then fail: a 503, not a request that hangs.
  connection.set("bufferTimeoutMS", COMMAND_MS);
  connection.on("error", () => undefined); // seen by the command that fails
  void connect();

  return {
    connection,
    migrator: createMigrator(connection, log),
    transaction: (work) => work(undefined),
    async ping() {
      if (!connection.db) throw new Error("not connected");
      await connection.db.command({ ping: 1 });
    },
    async close() {
      closed = true;
      await connection.close(true);
    },
  };
}

/** Names, for these have no ancestor in common; one of them comes without the prefix. */
const UNREACHABLE =
  /^(Mongo(ose)?)?(Network|ServerSelection|WaitQueue|Pool|NotConnected|ServerClosed|Topology|ClientClosed)/;

/** Shutting down, or no longer the one that takes writes. */
const SERVER_LEAVES = new Set<unknown>([91, 189, 10_107, 11_600, 11_602, 13_435]);

/** Whether an error means "not now": the client gets a 503 and may come back. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (UNREACHABLE.test(error.name) || SERVER_LEAVES.has(code)) return true;
  return error.message.includes("buffering timed out");
}

/** The code of a duplicate key. */
export function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown }).code === 11_000;
}

interface Migration {
  up(connection: mongoose.Connection): Promise<void>;
  down(connection: mongoose.Connection): Promise<void>;
}

function createMigrator(connection: mongoose.Connection, log: Logger): Umzug<mongoose.Connection> {
  return new Umzug({
    migrations: {
      glob: ["migrations/*.ts", { cwd: resolve(import.meta.dirname, "..") }],
      resolve({ name, path = "", context }) {
        const load = async () => (await import(path)) as Migration;
        return {
          name,
          up: async () => (await load()).up(context),
          down: async () => (await load()).down(context),
        };
      },
    },
    context: async () => connection.asPromise(),
    storage: new MongoDBStorage({ collection: connection.collection("migrations") }),
    logger: log,
  });
}

function isMongoUrl(text: string): boolean {
  try {
    new mongoose.mongo.MongoClient(text); // knows every option, and connects to nothing yet
    return /^mongodb(\+srv)?:\/\/[^/?#]+\/[^/?#]+/.test(text);
  } catch {
    return false;
  }
}
