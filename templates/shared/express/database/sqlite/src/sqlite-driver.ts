import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/**
 * What Sequelize uses of the package `sqlite3`, over the SQLite that is built into Node: nothing to compile.
 *
 * Node's API is synchronous. That suits a local file, but waiting for a lock must not be synchronous: a transaction of
 * this process holds the lock across several turns of the event loop, and a statement that waited inside SQLite would
 * stop the loop and with it that transaction. So SQLite's own time-out is 0, and waiting happens here, between turns.
 */
const RETRY_MS = 5;

/** Sequelize looks for these names; Node reports SQLite's numbers. */
const CODES: Record<number, string> = {
  5: "SQLITE_BUSY",
  10: "SQLITE_IOERR",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
};

/** How long a statement waits for a lock. */
export const locks = { timeoutMs: 0 };

type Values = Record<string, SQLInputValue | boolean> | never[];
type Done = (this: object, error: Error | null, rows?: unknown[]) => void;

export const OPEN_READWRITE = 2;
export const OPEN_CREATE = 4;

export class Database {
  readonly filename: string;
  /** Opened late, so that a file that could not be opened once is tried again. */
  #connection: DatabaseSync | undefined;

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename;
    setImmediate(opened, null);
  }

  run(sql: string, values?: Values | Done, done?: Done): void {
    this.all(sql, values, done);
  }

  all(sql: string, values: Values | Done = [], done?: Done): void {
    const [bound, callback] = typeof values === "function" ? [[], values] : [values, done];
    const deadline = Date.now() + locks.timeoutMs;
    const attempt = (): void => {
      let result: ReturnType<Database["execute"]>;
      try {
        result = this.execute(sql, bound);
      } catch (error) {
        const failure = error as Error & { code: string; errcode?: number };
        failure.code = CODES[(failure.errcode ?? 0) & 0xff] ?? failure.code;
        const retry = failure.code === "SQLITE_BUSY" && Date.now() < deadline;
        if (retry) setTimeout(attempt, RETRY_MS);
        else callback?.call({}, failure);
        return;
      }
      callback?.call(result, null, result.rows);
    };
    attempt();
  }

  serialize(work: () => void): void {
    work();
  }

  close(done?: (error: Error | null) => void): void {
    this.#connection?.close();
    this.#connection = undefined;
    done?.(null);
  }

  private execute(sql: string, values: Values) {
    this.#connection ??= open(this.filename);
    const statement = this.#connection.prepare(sql);
    // SQLite has no booleans, and takes Sequelize's `$1` for a name.
    const named = Object.entries(values).map(([name, value]) => [name, toColumn(value)]);
    const bound = Object.fromEntries(named) as Record<string, SQLInputValue>;
    if (statement.columns().length > 0) {
      return { rows: statement.all(bound).map((row) => ({ ...row })) }; // Node's rows have no prototype
    }
    const { changes, lastInsertRowid } = statement.run(bound);
    return { rows: [], changes: Number(changes), lastID: Number(lastInsertRowid) };
  }
}

const toColumn = (value: unknown) => (typeof value === "boolean" ? Number(value) : value);

function open(filename: string): DatabaseSync {
  const connection = new DatabaseSync(filename, { timeout: 0 });
  // With WAL, readers go on while one writes. NORMAL may lose the last commits when the power fails, not otherwise.
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  // SQLite's own knows the letters A to Z only.
  connection.function("lower", { deterministic: true }, (text) =>
    text === null ? null : String(text).toLowerCase(),
  );
  return connection;
}
