import { destination, type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

const FLUSH_MS = 100;

/** JSON lines on standard output. */
export function createLogger(level: string): Logger {
  // A system call for each line would cost more than the rest of a redirect: lines go out together, soon after.
  const output = destination({ dest: 1, sync: false, minLength: 4_096 });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    output,
  );
}

/** Only what is safe to keep: database drivers hang SQL and its values, addresses included, on their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, stack: error.stack };
}
