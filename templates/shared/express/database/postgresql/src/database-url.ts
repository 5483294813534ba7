import { Sequelize } from "sequelize";
import { z } from "zod";

const FORM = /^postgres(ql)?:\/\/([^\s/?#%]|%[\da-f]{2})+\/[^\s/?#%]+(\?|$)/i;

/** How connections are encrypted, in libpq's words: `require` takes any certificate. */
const SSL: Record<string, boolean | { rejectUnauthorized: boolean }> = {
  disable: false,
  require: { rejectUnauthorized: false },
  "verify-full": { rejectUnauthorized: true },
};

/** The parameters that hosters write into their URLs, with the values that can be honoured. */
const PARAMETERS: Record<string, RegExp> = {
  sslmode: /^(disable|require|verify-full)$/,
  channel_binding: /^(disable|prefer)$/, // `require` cannot be passed on to the driver
  connect_timeout: /^\d{1,4}$/, // ours is shorter
};

export const databaseUrl = z.string("is required").superRefine((text, context) => {
  if (!FORM.test(text) || !URL.canParse(text)) {
    return context.addIssue("must be postgresql://user:password@host:port/database");
  }
  for (const [name, value] of new URL(text).searchParams) {
    if (!PARAMETERS[name]?.test(value)) context.addIssue(`${name}=${value} is not supported`);
  }
});

/** Short enough that a request is answered with 503 while the database hangs. */
const TIMEOUT_MS = 1_500;

/** @param timeoutMs - the longest time for a connection or a statement; 0 is no limit */
export function connect(url: string, timeoutMs = TIMEOUT_MS): Sequelize {
  const { searchParams } = new URL(url);
  return new Sequelize(url.replace(/\?.*/, ""), {
    pool: { max: 10, acquire: timeoutMs * 2 || 60_000 }, // a burst may take longer than one statement
    retry: { max: 0 },
    logging: false,
    define: { underscored: true, timestamps: false },
    dialectOptions: {
      ssl: SSL[searchParams.get("sslmode") ?? "disable"],
      connectionTimeoutMillis: timeoutMs,
      statement_timeout: timeoutMs, // the server gives up …
      query_timeout: timeoutMs, // … and so does the client, if the server hangs
    },
  });
}

/** Error classes 08, 53 and 57 (connection, resources, operator), and sockets that break in the middle. */
export function isServerGone(error: Error & { parent?: unknown }): boolean {
  // Sequelize wraps the error of a statement, but not always that of a connection.
  const { code = "", message = "" } = (error.parent ?? error) as Partial<Record<string, string>>;
  return (
    /^(08|53|57|ECONN|EPIPE|ETIMEDOUT)/.test(code) ||
    /^(Connection terminated|Query read timeout|timeout)/.test(message)
  );
}

/** The statement that lets one migration run at a time; the lock ends with the transaction. */
export const MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(1)";
