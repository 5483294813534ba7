/** Something took too long. It may still come to its end, but nobody waits for it any more. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** What `work` resolves to, or a `DeadlineError` after so many milliseconds. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineError(`not done in ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
