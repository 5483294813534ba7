import { createHash, randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { config } from "../../config.ts";
import * as repository from "../accounts/accounts.repository.ts";
import { sessionCookie, setSessionCookie } from "./csrf.ts";

const SESSION_MS = config.SESSION_DAYS * 86_400_000;

/** A log-in responds with the user. */
export const logInResponse = <User>(user: User): User => user;

/**
 * Signs this request in, by a cookie `<id>.<secret>`. The database holds only the secret's SHA-256: whoever reads a
 * backup cannot use the sessions. (256 random bits cannot be guessed, so no slow hash is needed.)
 */
export async function startSession<User extends { id: string }>(
  req: Request,
  res: Response,
  user: User,
): Promise<User> {
  // Always a new session: one that an attacker planted in the browser before stays worthless.
  const old = await readSession(sessionCookie(req));
  if (old) await repository.deleteSession(old.id);
  const id = uuidv7();
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + SESSION_MS);
  await repository.insertSession({ id, userId: user.id, key: digest(secret), expiresAt });
  setSessionCookie(req, res, `${id}.${secret}`, SESSION_MS);
  req.user = { id: user.id, sessionId: id };
  return user;
}

/** After a new password: whoever else knew the old one, or has a copy of the cookie, is signed out. */
export async function endOtherSessions(req: Request, res: Response): Promise<void> {
  await startSession(req, res, req.user);
  await repository.deleteOtherSessions(req.user.id, req.user.sessionId);
}

/** The session of a cookie's value, or undefined. */
export async function readSession(cookie: string) {
  const [id = "", secret = ""] = cookie.split(".");
  const session = isUuid(id) ? await repository.findSession(id) : null;
  // Comparing digests leaks no useful time: a sender cannot choose how the digest of a guess begins.
  if (!session || session.key !== digest(secret) || session.expiresAt < new Date())
    return undefined;
  return session;
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
