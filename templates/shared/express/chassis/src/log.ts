import { destination, type Logger, pino } from "pino";

export type { Logger };

const FLUSH_MS = 100;
const MAX_PENDING = 16_384;

/** JSON lines on standard output. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    { write },
  );
}

const output = destination({ dest: 1, sync: true });
let pending = "";
let timer: NodeJS.Timeout | undefined;

/** A system call for each line would cost as much as the rest of a redirect, so lines go out together, soon after. */
function write(line: string): void {
  pending += line;
  if (pending.length >= MAX_PENDING) flush();
  else timer ??= setTimeout(flush, FLUSH_MS).unref();
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (pending === "") return;
  const lines = pending;
  pending = "";
  output.write(lines);
}

// The last lines say why it ends.
process.on("exit", flush);

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
