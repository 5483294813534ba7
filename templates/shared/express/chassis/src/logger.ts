import { pino } from "pino";
import { config } from "./config.ts";

/** JSON lines on standard output. They are written together, since a system call for each would slow every request down. */
export const log = pino(
  {
    level: config.LOG_LEVEL,
    base: null,
    messageKey: "message",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  },
  pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 100 }),
);

/** Database drivers attach the statement and its values, e-mail addresses included, to their errors. Leave those out. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, stack: error.stack };
}
