import { destination, type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/** JSON lines on standard output. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    // Not synchronous: under load, lines are written together instead of one system call a request.
    destination({ dest: 1, sync: false }),
  );
}

/** Only what is safe to keep: database drivers hang SQL and its values, addresses included, on their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, stack: error.stack };
}
