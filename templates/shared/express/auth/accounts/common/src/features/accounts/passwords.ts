import { dictionary } from "@zxcvbn-ts/language-common";
import { argon2id, hash, verify } from "argon2";
import pLimit from "p-limit";

/** OWASP's parameters for Argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Hashing is slow on purpose. It runs beside the event loop, on Node's few worker threads, and two at a time: a flood
 * of log-ins may wait for itself, but must take neither all the memory nor the threads that file access needs.
 */
const limit = pLimit(2);

const common = new Set(dictionary["passwords-common"].map((word) => String(word).toLowerCase()));

export function hashPassword(password: string): Promise<string> {
  return limit(() => hash(password, OPTIONS));
}

const nobodys = hashPassword("nobody's password");

/** Without a hash (no such account) it takes as long and is false, or the time would tell which addresses exist. */
export async function verifyPassword(
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const known = stored ?? (await nobodys);
  const matches = await limit(() => verify(known, password));
  return matches && stored !== undefined;
}

export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase());
}
