import { dictionary } from "@zxcvbn-ts/language-common";
import { argon2id, hash, verify } from "argon2";

/** OWASP's parameters for Argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const common = new Set(dictionary["passwords-common"].map((word) => String(word).toLowerCase()));

/** A hash that no password matches. */
const placeholder = hashPassword(crypto.randomUUID());

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Without a stored hash it takes as long and is false: the time must not tell which addresses have an account. */
export async function verifyPassword(stored: string | undefined, password: string) {
  const known = stored ?? (await placeholder);
  return (await verify(known, password)) && stored !== undefined;
}

export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase());
}
