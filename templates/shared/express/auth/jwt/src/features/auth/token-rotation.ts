import type { Request, Response } from "express";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { config } from "../../config.ts";
import * as repository from "../accounts/accounts.repository.ts";
import { unauthenticated } from "./require-user.ts";
import { type Claims, signToken, verifyToken } from "./tokens.ts";

const ACCESS_MS = config.ACCESS_TOKEN_MINUTES * 60_000;
const REFRESH_MS = config.REFRESH_TOKEN_DAYS * 86_400_000;

const token = z.string();
export const TokenPair = z.object({
  accessToken: token,
  refreshToken: token,
  tokenType: z.literal("Bearer"),
  expiresIn: z.int(),
});
export const logInResponse = (_user: z.ZodType) => TokenPair;

/** Signs this request in. The response is the first pair of tokens of the new session. */
export async function startSession(req: Request, _res: Response, { id: userId }: { id: string }) {
  const claims = { userId, sessionId: uuidv7(), tokenId: crypto.randomUUID() };
  const expiresAt = new Date(Date.now() + REFRESH_MS);
  await repository.insertSession({ id: claims.sessionId, userId, key: claims.tokenId, expiresAt });
  req.user = { id: userId, sessionId: claims.sessionId };
  return tokenPair(claims, expiresAt);
}

/** After a new password: whoever else knew the old one is signed out. */
export const endOtherSessions = ({ user }: Request, _res: Response) =>
  repository.deleteOtherSessions(user.id, user.sessionId);

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
  if (await repository.rotateSession(old.sessionId, old.tokenId, renewed.tokenId, expiresAt)) {
    return tokenPair(renewed, expiresAt);
  }
  await repository.deleteSession(old.sessionId);
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
