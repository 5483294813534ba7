import createError from "http-errors";
import { cache } from "../../cache.ts";
import { log } from "../../logger.ts";
import { UpstreamError } from "../../upstream/http-client.ts";
import { SingleFlight } from "../../upstream/single-flight.ts";

interface Entry {
  data: unknown;
  /** Milliseconds since 1970. */
  fetchedAt: number;
}

export interface Cached<T> {
  data: T;
  /** Seconds since it was fetched; null for what was fetched just now. */
  age: number | null;
  /** Whether it is older than it should be, because nothing newer is to be had. */
  stale: boolean;
}

interface Lives<T> {
  /** So long nobody else is asked. */
  freshMs: number;
  /** So long it is kept, for the time in which the provider fails. */
  keptMs: (data: T) => number;
}

const flights = new SingleFlight<unknown>();

/**
 * What is stored under `key` while it is fresh, and otherwise what `load` fetches. If that fails, what is stored is served
 * although it is old: yesterday's weather is worth more than an error.
 */
export async function cached<T>(
  key: string,
  load: () => Promise<T>,
  { freshMs, keptMs }: Lives<T>,
): Promise<Cached<T>> {
  const entry = (await cache.get(key)) as Entry | undefined;
  const stored = entry && {
    data: entry.data as T,
    age: Math.max(0, Math.floor((Date.now() - entry.fetchedAt) / 1000)),
  };
  if (entry && Date.now() - entry.fetchedAt < freshMs)
    return { ...stored, stale: false } as Cached<T>;
  try {
    const data = await flights.run(key, async () => {
      const fetched = await load();
      const fetchedAt = Date.now();
      // Within the flight: who finds nothing in the cache must find the flight, and the other way round.
      await cache.put(key, { data: fetched, fetchedAt }, fetchedAt, keptMs(fetched));
      return fetched;
    });
    return { data: data as T, age: null, stale: false };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ err: error, stored: stored !== undefined }, "the weather provider failed");
    if (stored) return { ...stored, stale: true };
    throw createError(503, "The weather provider does not answer.", { expose: true });
  }
}
