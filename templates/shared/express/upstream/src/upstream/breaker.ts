import { UpstreamError } from "./http-client.ts";

/**
 * Leaves a service alone that has failed several times in a row. Without it, every request waits for the time-out while
 * the service is down, and all come down on it together when it returns.
 */
export class CircuitBreaker {
  readonly #maxFailures: number;
  readonly #openMs: number;
  #failures = 0;
  #nextTry = 0;

  constructor(maxFailures: number, openMs: number) {
    this.#maxFailures = maxFailures;
    this.#openMs = openMs;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#failures >= this.#maxFailures) {
      if (performance.now() < this.#nextTry) throw new UpstreamError("circuit is open");
      this.#postpone(); // at once, before anything is awaited: only this call tries, the others still fail
    }
    try {
      const result = await call();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#failures += 1;
      this.#postpone();
      throw error;
    }
  }

  #postpone(): void {
    this.#nextTry = performance.now() + this.#openMs;
  }
}
