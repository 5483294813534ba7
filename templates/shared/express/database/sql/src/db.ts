import {
  ConnectionError,
  ForeignKeyConstraintError,
  TimeoutError,
  UniqueConstraintError,
} from "sequelize";
import { config } from "./config.ts";
import { connect, isServerGone } from "./database-url.ts";
import { onShutdown, readinessChecks } from "./lifecycle.ts";

/** Connects with the first query, so that the process starts, and says so in `/ready`, while the database is down. */
export const sequelize = connect(config.DATABASE_URL);

/** Whether the database refused a row that is there already, or whose parent is gone. */
export function isConflict(error: unknown): boolean {
  return error instanceof UniqueConstraintError || error instanceof ForeignKeyConstraintError;
}

/** Whether an error means "not now": the client gets 503 and may try again. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  return error instanceof Error && isServerGone(error);
}

/** A condition: one of the columns holds the text, in any case. `%` and `_` are characters here, not wildcards. */
export function contains(text: string, ...columns: string[]) {
  const pattern = sequelize.escape(`%${text.replaceAll(/[!%_]/g, "!$&")}%`);
  const matches = columns.map((column) => `lower(${column}) LIKE lower(${pattern}) ESCAPE '!'`);
  return sequelize.literal(`(${matches.join(" OR ")})`);
}

readinessChecks["database"] = () => sequelize.authenticate();
onShutdown(() => sequelize.close());
