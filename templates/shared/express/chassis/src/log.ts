import { destination, type Logger, pino } from "pino";

export type { Logger };

const FLUSH_MS = 100;

/** JSON lines on standard output. */
export function createLogger(level: string): Logger {
  // A system call for each line would cost as much as the rest of a redirect: lines go out together, soon after.
  const output = destination({ dest: 1, sync: true, minLength: 4_096 });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    output,
  );
}

let lastTime = 0;
let lastText = "";

/** RFC 3339, written out once a millisecond: under load, many lines share one. */
function isoTime(): string {
  const now = Date.now();
  if (now !== lastTime) {
    lastTime = now;
    lastText = `,"time":"${new Date(now).toISOString()}"`;
  }
  return lastText;
}

/** Only what is safe to keep: database drivers hang SQL and its values, addresses included, on their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, stack: error.stack };
}
