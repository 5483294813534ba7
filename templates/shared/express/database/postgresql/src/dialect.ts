import type { Options } from "sequelize";
import { z } from "zod";

const TIMEOUT_MS = 1_500;

/** libpq's words, as hosters write them behind the URL: encrypted, and with whoever answers or only the right one. */
const SSL: Record<string, false | { rejectUnauthorized: boolean }> = {
  disable: false,
  require: { rejectUnauthorized: false },
  "verify-full": { rejectUnauthorized: true },
};

export const databaseSettings = {
  DATABASE_URL: z
    .string({ error: "is required" })
    .refine(
      isPostgresUrl,
      "must be postgresql://user:password@host:port/database, then perhaps ?sslmode=disable, require or verify-full",
    ),
};

export function dialectOptions(url: string): Options {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sslmode = searchParams.get("sslmode");
  return {
    dialect: "postgres",
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || 5432),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    // A client waits for a connection, and a statement for its answer, no longer than this: then it is a 503.
    pool: { max: 10, acquire: TIMEOUT_MS },
    retry: { max: 0 },
    dialectOptions: {
      connectionTimeoutMillis: TIMEOUT_MS,
      statement_timeout: TIMEOUT_MS, // the server gives up …
      query_timeout: TIMEOUT_MS, // … and so do we, if it cannot even say so
      keepAlive: true,
      ...(sslmode && { ssl: SSL[sslmode] }),
    },
  };
}

/** Error classes 08, 53, 57 (connection, resources, operator), and sockets that break in the middle. */
export function isServerGone(error: Error & { parent?: unknown }): boolean {
  // Sequelize wraps what a statement fails with, but not always what connecting does.
  const { code = "", message = "" } = (error.parent ?? error) as { code?: string; message: string };
  return (
    /^(08|53|57)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT)/.test(code) ||
    /^(Connection terminated|Query read timeout|timeout)/.test(message)
  );
}

function isPostgresUrl(text: string): boolean {
  try {
    const { protocol, hostname, pathname, searchParams } = new URL(text);
    decodeURIComponent(text); // throws at a `%` that stands for itself, as in a password
    const known = [...searchParams].every(
      ([name, value]) => name === "sslmode" && Object.hasOwn(SSL, value),
    );
    return protocol === "postgresql:" && hostname !== "" && /^\/[^/]+$/.test(pathname) && known;
  } catch {
    return false;
  }
}
