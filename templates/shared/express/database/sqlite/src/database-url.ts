import { Sequelize, Transaction } from "sequelize";
import { z } from "zod";
import * as driver from "./sqlite-driver.ts";

const FORM = /^sqlite:\/\/\/(.+)$/;

export const databaseUrl = z
  .string("is required")
  .regex(FORM, "must be sqlite:///./relative.db or sqlite:////absolute.db");

/** A lock is released soon, so wait instead of answering 503. */
const LOCK_MS = 5_000;

/** @param timeoutMs - how long a statement waits for the lock of another process; 0 is no limit */
export function connect(url: string, timeoutMs = LOCK_MS): Sequelize {
  driver.locks.timeoutMs = timeoutMs || Number.POSITIVE_INFINITY;
  return new Sequelize({
    dialect: "sqlite",
    dialectModule: driver,
    storage: FORM.exec(url)?.[1] ?? "",
    // A transaction that begins by reading and then writes may find that another has written in between, and
    // SQLite can only fail it. IMMEDIATE takes the write lock at the start and waits for it instead.
    transactionType: Transaction.TYPES.IMMEDIATE,
    logging: false,
    define: { underscored: true, timestamps: false },
  });
}

/** Locked for too long, a full disk, or a file that cannot be opened. */
export function isServerGone(error: Error & { parent?: unknown }): boolean {
  const code = (error.parent as { code?: unknown } | undefined)?.code;
  return ["SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR"].includes(String(code));
}

/** Migrations need no statement of their own for this: an IMMEDIATE transaction holds the lock of the whole file. */
export const MIGRATION_LOCK = "SELECT 1";
