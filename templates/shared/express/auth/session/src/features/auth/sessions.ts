import { createHash, randomBytes } from "node:crypto";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { config } from "../../config.ts";
import { findSession, insertSession } from "../accounts/accounts.repository.ts";

export const SESSION_MS = config.SESSION_DAYS * 86_400_000;

/**
 * Begins a session; the result is the value of its cookie, `<id>.<secret>`. The database holds only the secret's
 * SHA-256: whoever reads a backup cannot use the sessions. (256 random bits cannot be guessed, so no slow hash is needed.)
 */
export async function startSession(userId: string): Promise<string> {
  const id = uuidv7();
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + SESSION_MS);
  await insertSession({ id, userId, key: digest(secret), expiresAt });
  return `${id}.${secret}`;
}

/** The session of a cookie's value, or undefined. */
export async function readSession(cookie: string) {
  const [id = "", secret = ""] = cookie.split(".");
  const session = isUuid(id) ? await findSession(id) : null;
  // Comparing digests leaks no useful time: a sender cannot choose how the digest of a guess begins.
  if (!session || session.key !== digest(secret) || session.expiresAt < new Date())
    return undefined;
  return session;
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
