import { randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 7;

const RESERVED = new Set(
  "about admin api app assets docs health help login logout openapi ready robots signup static www".split(
    " ",
  ),
);

export const CODE = /^[\w-]{3,32}$/;

/**
 * Seven characters of 62 from a secure source: 3.5 × 10¹² codes that nobody can walk through. A counter would give
 * every link away, `Math.random()` can be predicted, and `bytes % 62` prefers the first characters.
 */
export function randomCode(): string {
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return isReserved(code) ? randomCode() : code;
}

/** Names that are, or may become, paths of this service. */
export function isReserved(code: string): boolean {
  return RESERVED.has(code.toLowerCase());
}
