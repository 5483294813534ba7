import { randomUUID } from "node:crypto";
import { onShutdown } from "../../lifecycle.ts";
import { log } from "../../logger.ts";
import { addClicks } from "./links.repository.ts";

const FLUSH_MS = 1_000;
/** With so many counters, further referrers count as unknown: invented ones must not fill the memory. */
const MAX_COUNTERS = 10_000;

/** Clicks to add. `writer` and `sequence` tell the database whether it has seen this batch before. */
export interface ClickBatch {
  writer: string;
  sequence: number;
  /** Of one link on one day (UTC) from one referring host; null when there was none. */
  clicks: { linkId: string; day: string; host: string | null; count: number }[];
}

/**
 * Counts clicks without making a visitor wait: a redirect adds to a map in memory, and every second the map is written
 * in one batch. A write for each click would put the lock of a popular link's row into every redirect. The price: a
 * crash loses the clicks of the last second.
 */
export class ClickCounter {
  readonly #write: (batch: ClickBatch) => Promise<void>;
  readonly #writer = randomUUID();
  readonly #counters = new Map<string, ClickBatch["clicks"][number]>();
  #sequence = 0;
  /** Being written, or to be tried again: never merged with newer clicks, or the database could not recognise it. */
  #batch: ClickBatch | undefined;
  #flushing: Promise<void> | undefined;

  constructor(write: (batch: ClickBatch) => Promise<void>) {
    this.#write = write;
  }

  record(linkId: string, referrer: string | undefined): void {
    const host = this.#counters.size < MAX_COUNTERS ? hostOf(referrer) : null;
    const day = new Date().toISOString().slice(0, 10);
    const key = `${linkId} ${day} ${host}`;
    const counter = this.#counters.get(key);
    if (counter) counter.count += 1;
    else this.#counters.set(key, { linkId, day, host, count: 1 });
  }

  /** Writes what was counted. A batch that failed is tried again first. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    if (!this.#batch && this.#counters.size > 0) {
      this.#sequence += 1;
      const clicks = [...this.#counters.values()];
      this.#batch = { writer: this.#writer, sequence: this.#sequence, clicks };
      this.#counters.clear();
    }
    if (!this.#batch) return;
    try {
      await this.#write(this.#batch);
      this.#batch = undefined;
    } catch (error) {
      log.warn({ err: error }, "clicks not written, will try again");
    }
  }

  /** Writes everything, or gives up after four attempts. */
  async stop(): Promise<void> {
    for (let attempt = 0; attempt < 4; attempt += 1) await this.flush();
    if (this.#batch) log.error({ counters: this.#batch.clicks.length }, "clicks lost");
  }
}

function hostOf(referrer = ""): string | null {
  const host = URL.parse(referrer)?.hostname;
  return host && host.length <= 253 ? host : null;
}

export const clicks = new ClickCounter(addClicks);
const timer = setInterval(() => void clicks.flush(), FLUSH_MS);
onShutdown(() => {
  clearInterval(timer);
  return clicks.stop();
});
