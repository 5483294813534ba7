import { RateLimiterMemory } from "rate-limiter-flexible";
import { tooManyRequests } from "../../errors.ts";

const perEmail = new RateLimiterMemory({ points: 5, duration: 60 });
const perClient = new RateLimiterMemory({ points: 20, duration: 60 });

type Attempt<T> = () => Promise<T | null>;

/**
 * Slows the guessing of passwords: so many failures a minute for one address from one client, and for one client over
 * all addresses. Failures count for the client that made them, so that a stranger cannot lock the owner out. The
 * client's limit comes first: a client that is over it cannot fill the memory with invented addresses.
 */
export function throttle<T>(client: string, email: string, attempt: Attempt<T>) {
  return limit(perClient, client, () => limit(perEmail, `${client} ${email}`, attempt));
}

/** Takes the point before the password is checked: a hundred guesses sent at once must not all find some left. */
async function limit<T>(limiter: RateLimiterMemory, key: string, attempt: Attempt<T>) {
  await limiter.consume(key).catch(({ msBeforeNext }) => {
    throw tooManyRequests(msBeforeNext);
  });
  let failed = false;
  try {
    const result = await attempt();
    failed = result === null;
    return result;
  } finally {
    if (!failed) await limiter.reward(key); // also when the database was down: that is no wrong password
  }
}
