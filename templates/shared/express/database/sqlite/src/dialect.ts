import { type Options, Transaction } from "sequelize";
import { z } from "zod";
import * as driver from "./sqlite-driver.ts";

const FORM = /^sqlite:\/\/\/(.+)$/;

export const databaseSettings = {
  DATABASE_URL: z
    .string({ error: "is required" })
    .regex(FORM, "must be sqlite:///./relative.db or sqlite:////absolute.db"),
};

export function dialectOptions(url: string): Options {
  return {
    dialect: "sqlite",
    dialectModule: driver,
    storage: FORM.exec(url)?.[1] ?? "",
    // A transaction that begins by reading and then writes may find that another has written in between, and
    // SQLite can only fail it. IMMEDIATE takes the write lock at the start and waits for it instead.
    transactionType: Transaction.TYPES.IMMEDIATE,
  };
}

/** Locked for too long, a full disk, or a file that cannot be opened. */
export function isServerGone(error: Error & { parent?: unknown }): boolean {
  const code = (error.parent as { code?: unknown } | undefined)?.code;
  return ["SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR"].includes(String(code));
}
