import mongoose from "mongoose";
import { config } from "./config.ts";
import { onShutdown, readinessChecks } from "./lifecycle.ts";
import { log } from "./logger.ts";

const SELECTION_MS = 700;
const CONNECT_MS = 1_000;
const COMMAND_MS = 2_000; // a burst of requests may make the database slow without its being away
const RECONNECT_MS = 1_000;

// A single MongoDB server has no transactions. Whoever writes to several documents puts the steps in an order in which
// stopping half-way does no harm, and doing them again completes them.

// Commands wait this long for the first connection, then fail: a 503, not a request that hangs.
mongoose.set("bufferTimeoutMS", CONNECT_MS);
mongoose.set("autoIndex", false); // indexes come from the migrations
mongoose.set("autoCreate", false);
mongoose.connection.on("error", () => undefined); // seen by the command that fails
let stopping = false;
void connect();

/** Tries until it succeeds, so that the process starts, and says so in `/ready`, while the database is down. */
async function connect(): Promise<void> {
  while (!stopping) {
    try {
      await mongoose.connect(config.DATABASE_URL, {
        // Together they are shorter than a client should wait for a 503.
        serverSelectionTimeoutMS: SELECTION_MS,
        connectTimeoutMS: CONNECT_MS,
        socketTimeoutMS: COMMAND_MS,
        waitQueueTimeoutMS: CONNECT_MS,
        retryReads: false, // or a server that hangs is waited for twice
        heartbeatFrequencyMS: RECONNECT_MS,
      });
      return;
    } catch (error) {
      log.warn({ err: error }, "database not reached, will try again");
      await new Promise((wake) => setTimeout(wake, RECONNECT_MS));
    }
  }
}

/** A document whose parent is gone, in place of a foreign key. */
export class OrphanError extends Error {}

/** Whether the database refused a document that is there already, or whose parent is gone. */
export function isConflict(error: unknown): boolean {
  return error instanceof OrphanError || (error as { code?: unknown }).code === 11_000;
}

/** By name, for these errors have no class in common; one of them comes without the prefix. */
const UNREACHABLE =
  /^(Mongo(ose)?)?(Network|ServerSelection|WaitQueue|Pool|NotConnected|ServerClosed|Topology|ClientClosed)/;

/** Shutting down, or no longer the one that takes writes. */
const SERVER_LEAVES = new Set<unknown>([91, 189, 10_107, 11_600, 11_602, 13_435]);

/** Whether an error means "not now": the client gets 503 and may try again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (UNREACHABLE.test(error.name) || SERVER_LEAVES.has(code)) return true;
  return error.message.includes("buffering timed out");
}

readinessChecks["database"] = async () => {
  if (!mongoose.connection.db) throw new Error("not connected");
  await mongoose.connection.db.command({ ping: 1 });
};
onShutdown(() => {
  stopping = true;
  return mongoose.disconnect();
});
