import { resolve } from "node:path";
import {
  ConnectionError,
  type QueryInterface,
  Sequelize,
  TimeoutError,
  type Transaction,
} from "sequelize";
import { SequelizeStorage, Umzug } from "umzug";
import { DeadlineError, within } from "./deadline.ts";
import { dialectOptions, isServerGone } from "./dialect.ts";
import type { Logger } from "./log.ts";

export { databaseSettings } from "./dialect.ts";
export type { Transaction };

/**
 * A client is told "not now" within two seconds. Each statement has a shorter time-out of its own, but when one in a
 * transaction hangs, so does the ROLLBACK after it, and the two together take too long.
 */
const TRANSACTION_MS = 1_800;

export interface Database {
  sequelize: Sequelize;
  migrator: Umzug<QueryInterface>;
  /** All or nothing. Pass `tx` to every query inside. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects when the first query comes, so that the process starts, and says so in `/ready`, while it is down. */
export function openDatabase(config: { DATABASE_URL: string }, log: Logger): Database {
  const sequelize = new Sequelize({
    ...dialectOptions(config.DATABASE_URL),
    logging: false,
    define: { underscored: true, timestamps: false },
  });
  return {
    sequelize,
    migrator: createMigrator(sequelize, log),
    transaction: (work) => within(TRANSACTION_MS, sequelize.transaction(work)),
    ping: () => sequelize.authenticate(),
    close: () => sequelize.close(),
  };
}

/** Whether an error means "not now": the client gets a 503 and may come back. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DeadlineError) return true;
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  return error instanceof Error && isServerGone(error);
}

interface Migration {
  up(context: QueryInterface): Promise<void>;
  down(context: QueryInterface): Promise<void>;
}

function createMigrator(sequelize: Sequelize, log: Logger): Umzug<QueryInterface> {
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
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize, tableName: "migrations" }),
    logger: log,
  });
}
