import { randomUUID } from "node:crypto";
import type { Logger } from "../../log.ts";
import type { ClickBatch, Clicks, LinkRepository } from "./links.ts";

const FLUSH_MS = 1_000;
const DAY_MS = 86_400_000;
const MAX_HOST_LENGTH = 253;
/** Beyond so many different hosts between two flushes they count as unknown, or made-up ones could fill the memory. */
const MAX_HOSTS = 10_000;
/** Only a database that is down while 200,000 different links are followed gets here. */
const MAX_COUNTS = 200_000;

/** Not yet written. `day` counts from 1970. */
type Count = Omit<Clicks, "day"> & { day: number };

/**
 * Counts clicks without making anyone wait: a redirect adds to a map, and every second the map is written in one go.
 *
 * Counting in the database on each redirect would put a write, and the lock of the one row that everybody clicks,
 * into the fastest path there is. The price is that a crash loses up to a second of clicks.
 */
export class ClickCounter {
  readonly #repository: Pick<LinkRepository, "addClicks">;
  readonly #log: Logger;
  readonly #writer = randomUUID();
  #sequence = 0;
  #counts = new Map<string, Count>();
  /** Being written, or to be tried again. Never merged with newer clicks: then nobody could tell whether it arrived. */
  #batch: ClickBatch | undefined;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(repository: Pick<LinkRepository, "addClicks">, log: Logger) {
    this.#repository = repository;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
  }

  record(linkId: string, referrer: string | undefined): void {
    const day = Math.floor(Date.now() / DAY_MS);
    const host = referrer === undefined ? null : hostOf(referrer);
    const count =
      this.#count(linkId, day, host, MAX_HOSTS) ?? this.#count(linkId, day, null, MAX_COUNTS);
    if (count) count.count += 1;
    else this.#log.error("too many unwritten clicks: one is lost");
  }

  /** The count of this link, day and host: a new one only while there are fewer than `max`. */
  #count(linkId: string, day: number, host: string | null, max: number): Count | undefined {
    const key = `${linkId} ${day} ${host ?? ""}`;
    let count = this.#counts.get(key);
    if (!count && this.#counts.size < max) {
      count = { linkId, day, host, count: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }

  /** Writes what has been counted; after a failure the same batch is tried again, first. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /** Writes everything, or gives up after a few attempts and says how much is lost. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (let attempt = 0; attempt < 4 && this.#pending() > 0; attempt += 1) await this.flush();
    if (this.#pending() > 0) this.#log.error({ clicks: this.#pending() }, "clicks lost");
  }

  async #write(): Promise<void> {
    this.#batch ??= this.#take();
    if (!this.#batch) return;
    try {
      await this.#repository.addClicks(this.#batch);
      this.#batch = undefined;
    } catch (error) {
      this.#log.warn({ err: error }, "clicks not written, will try again");
    }
  }

  #take(): ClickBatch | undefined {
    if (this.#counts.size === 0) return undefined;
    const counts = this.#counts;
    this.#counts = new Map();
    this.#sequence += 1;
    const clicks = Array.from(
      counts.values(),
      ({ day, ...rest }): Clicks => ({ ...rest, day: dateOf(day * DAY_MS) }),
    );
    return { writer: this.#writer, sequence: this.#sequence, clicks };
  }

  #pending(): number {
    const waiting = [...this.#counts.values(), ...(this.#batch?.clicks ?? [])];
    return waiting.reduce((sum, { count }) => sum + count, 0);
  }
}

/** The day in UTC, as YYYY-MM-DD. */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function hostOf(referrer: string): string | null {
  if (!URL.canParse(referrer)) return null;
  const host = new URL(referrer).hostname;
  return host === "" || host.length > MAX_HOST_LENGTH ? null : host;
}
