import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/**
 * What Sequelize expects of the package `sqlite3`, over the SQLite that is built into Node: nothing to download or
 * compile. Node's API is synchronous, which costs little, since a statement takes microseconds and no network.
 *
 * One thing must not be synchronous: waiting for a lock. A transaction of this process holds the write lock across
 * several turns of the event loop; if another statement waited for it inside SQLite, the loop would stand still and
 * the transaction could never end. So SQLite's own busy timeout is 0, and waiting happens here, between turns.
 */
const BUSY_TIMEOUT_MS = 1_500;
const RETRY_MS = 5;

const MAX_STATEMENTS = 200;
const CODES: Record<number, string> = {
  5: "SQLITE_BUSY",
  10: "SQLITE_IOERR",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
};

type Value = SQLInputValue | boolean;
/** By name; an empty array when there are none. */
type Values = Record<string, Value> | never[];
type Done = (this: RunResult, error: Error | null, rows?: unknown[]) => void;

interface RunResult {
  lastID?: number;
  changes?: number;
}

export const OPEN_READWRITE = 2;
export const OPEN_CREATE = 4;

export class Database {
  readonly filename: string;
  /** Set by Sequelize on the connection of a transaction. */
  uuid?: string;
  #handle: DatabaseSync | undefined;
  readonly #statements = new Map<string, StatementSync>();

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename;
    setImmediate(opened, null);
  }

  run(sql: string, values?: Values | Done, done?: Done): void {
    this.all(sql, values, done);
  }

  all(sql: string, values?: Values | Done, done?: Done): void {
    const [bound, callback] = typeof values === "function" ? [[], values] : [values ?? [], done];
    const deadline = Date.now() + BUSY_TIMEOUT_MS;
    const attempt = (): void => {
      let rows: unknown[];
      let result: RunResult;
      try {
        [rows, result] = this.#execute(sql, bound);
      } catch (error) {
        const failure = withCode(error);
        if (failure.code === "SQLITE_BUSY" && Date.now() < deadline) {
          setTimeout(attempt, RETRY_MS);
        } else {
          callback?.call({}, failure);
        }
        return;
      }
      callback?.call(result, null, rows);
    };
    attempt();
  }

  serialize(work: () => void): void {
    work();
  }

  close(done?: (error: Error | null) => void): void {
    this.#statements.clear();
    this.#handle?.close();
    this.#handle = undefined;
    done?.(null);
  }

  #execute(sql: string, values: Values): [unknown[], RunResult] {
    const statement = this.#prepare(sql);
    // Sequelize writes `$1`, which SQLite takes for a name.
    const named = Object.entries(values).map(([name, value]) => [name, toColumn(value)]);
    const bound = Object.fromEntries(named) as Record<string, SQLInputValue>;
    if (statement.columns().length > 0) {
      return [statement.all(bound).map((row) => ({ ...row })), {}]; // Node's rows have no prototype
    }
    const { changes, lastInsertRowid } = statement.run(bound);
    return [[], { changes: Number(changes), lastID: Number(lastInsertRowid) }];
  }

  /** Opened late, so that a file that could not be opened once is tried again. */
  #prepare(sql: string): StatementSync {
    this.#handle ??= open(this.filename);
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#handle.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function open(filename: string): DatabaseSync {
  const handle = new DatabaseSync(filename, { timeout: 0 });
  // Readers go on while one writes, and a commit is one write to the log. NORMAL may lose the last commits when the
  // power fails, never when the process does, and never corrupts.
  handle.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  // SQLite's own knows the letters A to Z only.
  handle.function("lower", { deterministic: true }, (text) =>
    text === null ? null : String(text).toLowerCase(),
  );
  return handle;
}

/** SQLite has no booleans. */
function toColumn(value: Value): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}

/** Node reports SQLite's extended number; Sequelize looks for the primary name. */
function withCode(error: unknown): Error & { code: string } {
  const failure = error as Error & { code: string; errcode?: number };
  const primary = (failure.errcode ?? 0) & 0xff;
  return Object.assign(failure, { code: CODES[primary] ?? failure.code });
}
