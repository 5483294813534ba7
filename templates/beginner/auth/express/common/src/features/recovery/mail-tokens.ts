import { createHash, randomBytes } from "node:crypto";

/** 256 random bits, and what is stored of them: whoever reads a backup cannot use what is under way. */
export function newToken() {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashToken(token) };
}

/** A fast hash is enough: nobody can try 2²⁵⁶ tokens. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
