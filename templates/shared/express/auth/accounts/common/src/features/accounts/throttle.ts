import { LRUCache } from "lru-cache";
import { tooMany } from "../../http/rate-limit.ts";

const WINDOW_MS = 60_000;
const MAX_PER_ADDRESS = 5;
const MAX_PER_CLIENT = 20;
const MAX_CLIENTS = 10_000;

interface Failure {
  at: number;
  address: string;
}

/**
 * Slows the guessing of passwords: so many failures a minute for one address from one client, and for one client in
 * all. Failures count for the client that made them, so a stranger cannot lock the owner out.
 */
export class Throttle {
  readonly #failures = new LRUCache<string, Failure[]>({ max: MAX_CLIENTS });
  readonly #queues = new Map<string, Promise<unknown>>();

  /**
   * Runs one attempt, or throws 429. The attempts of one client go one after another: a hundred sent at once would all
   * see "no failures yet", and be a hundred guesses.
   *
   * @param attempt - resolves to false when it failed
   */
  async run(client: string, address: string, attempt: () => Promise<boolean>): Promise<boolean> {
    const before = this.#queues.get(client) ?? Promise.resolve();
    const mine = before.then(() => this.#run(client, address, attempt));
    const settled = mine.catch(() => undefined);
    this.#queues.set(client, settled);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(client) === settled) this.#queues.delete(client);
    }
  }

  async #run(client: string, address: string, attempt: () => Promise<boolean>): Promise<boolean> {
    const now = Date.now();
    const recent = (this.#failures.get(client) ?? []).filter(({ at }) => at > now - WINDOW_MS);
    const same = recent.filter((failure) => failure.address === address);
    const blocking = same.at(-MAX_PER_ADDRESS) ?? recent.at(-MAX_PER_CLIENT);
    if (blocking) throw tooMany(blocking.at + WINDOW_MS - now);
    const succeeded = await attempt();
    if (!succeeded) this.#failures.set(client, [...recent, { at: Date.now(), address }]);
    return succeeded;
  }
}
