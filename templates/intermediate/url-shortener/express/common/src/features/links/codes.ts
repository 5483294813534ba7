import { randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 7;

/** Paths that this service has, or may have one day. */
const RESERVED =
  /^(about|admin|api|app|assets|docs|health|help|login|logout|openapi|ready|robots|signup|static|www)$/i;

export const CODE = /^[\w-]{3,32}$/;

/**
 * Seven of 62 characters are 3.5 × 10¹² codes, too many to try. They come from a secure source: a counter would reveal
 * every link, `Math.random()` can be predicted, and `bytes % 62` prefers the first characters.
 */
export function randomCode(): string {
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return isReserved(code) ? randomCode() : code;
}

export const isReserved = (code: string) => RESERVED.test(code);
