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
  /** For this long the provider is not asked. */
  freshMs: number;
  /** How long an entry is kept, for the time in which the provider fails. */
  keptMs: (data: T) => number;
}

const flights = new SingleFlight<unknown>();

/**
 * What is stored under `key` while it is fresh, and otherwise what `load` fetches. If that fails, what is stored is served
 * although it is old: weather from some hours ago is better than an error.
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
      // The version. What was asked for earlier and arrives last must not replace what is newer.
      const askedAt = Date.now();
      const fetched = await load().catch((error: unknown) => {
        // Here, so that a hundred who wait for one failure leave one line.
        const line = { err: error, stored: stored !== undefined };
        if (error instanceof UpstreamError) log.warn(line, "the weather provider failed");
        throw error;
      });
      // Store before the flight ends, so no request falls between the two.
      await cache.put(key, { data: fetched, fetchedAt: Date.now() }, askedAt, keptMs(fetched));
      return fetched;
    });
    return { data: data as T, age: null, stale: false };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (stored) return { ...stored, stale: true };
    throw createError(503, "The weather provider does not answer.", { expose: true });
  }
}
