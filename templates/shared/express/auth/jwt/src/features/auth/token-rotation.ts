import { v7 as uuidv7 } from "uuid";
import { config } from "../../config.ts";
import { deleteSession, insertSession, rotateSession } from "../accounts/accounts.repository.ts";
import { unauthenticated } from "./require-user.ts";
import { type Claims, signToken, verifyToken } from "./tokens.ts";

const ACCESS_MS = config.ACCESS_TOKEN_MINUTES * 60_000;
const REFRESH_MS = config.REFRESH_TOKEN_DAYS * 86_400_000;

/** The first pair of tokens of a new session. */
export async function startSession(userId: string) {
  const claims = { userId, sessionId: uuidv7(), tokenId: crypto.randomUUID() };
  const expiresAt = new Date(Date.now() + REFRESH_MS);
  await insertSession({ id: claims.sessionId, userId, key: claims.tokenId, expiresAt });
  return tokenPair(claims, expiresAt);
}

/**
 * A refresh token works once. When an old one comes back, either a thief or the owner holds a copy, and nobody can tell
 * which: the session ends for both. The session's row names the one token that is good, and is changed in one step: of
 * two uses at the same moment, one wins and the other is a reuse.
 */
export async function rotateTokens(refreshToken: string) {
  const old = await verifyToken("refresh", refreshToken);
  if (!old) throw unauthenticated("The refresh token is not valid.");
  const renewed = { ...old, tokenId: crypto.randomUUID() };
  const expiresAt = new Date(Date.now() + REFRESH_MS);
  if (await rotateSession(old.sessionId, old.tokenId, renewed.tokenId, expiresAt)) {
    return tokenPair(renewed, expiresAt);
  }
  await deleteSession(old.sessionId);
  throw unauthenticated("The refresh token was used before; please log in again.");
}

async function tokenPair(claims: Claims, refreshExpiresAt: Date) {
  const accessExpiresAt = new Date(Date.now() + ACCESS_MS);
  return {
    accessToken: await signToken("access", claims, accessExpiresAt),
    refreshToken: await signToken("refresh", claims, refreshExpiresAt),
    tokenType: "Bearer",
    expiresIn: ACCESS_MS / 1000,
  };
}
