/**
 * Does the same work once for all who ask for it at the same time. Without it, the moment in which a popular entry of the
 * cache expires sends every visitor to the service behind it.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key);
    if (flight) return flight;
    // A failure is shared as well, but not kept: the next one to ask tries again.
    const started = work().finally(() => this.#flights.delete(key));
    this.#flights.set(key, started);
    return started;
  }
}
