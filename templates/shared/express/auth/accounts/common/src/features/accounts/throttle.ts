import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { tooManyRequests } from "../../errors.ts";

const perAddress = new RateLimiterMemory({ points: 5, duration: 60 });
const perClient = new RateLimiterMemory({ points: 20, duration: 60 });

type Attempt<T> = () => Promise<T | null>;

/**
 * Slows the guessing of passwords: so many failures a minute for one address from one client, and for one client over
 * all addresses. Failures count for the client that made them, so that a stranger cannot lock the owner out.
 *
 * @param attempt - resolves to null when it failed
 */
export async function throttle<T>(client: string, address: string, attempt: Attempt<T>) {
  const both = `${client} ${address}`;
  try {
    // Points are taken before the password is checked: a hundred guesses sent at once must not all find some left.
    await perAddress.consume(both);
    await perClient.consume(client);
  } catch (reason) {
    if (reason instanceof RateLimiterRes) throw tooManyRequests(reason.msBeforeNext);
    throw reason;
  }
  const result = await attempt();
  if (result !== null) await Promise.all([perAddress.reward(both), perClient.reward(client)]);
  return result;
}
