import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { config } from "../../config.ts";

/** Whose token it is, of which session, and, of a refresh token, which one of that session. */
export interface Claims {
  userId: string;
  sessionId: string;
  tokenId: string;
}

type Kind = "access" | "refresh";

/** A key of its own, so that nothing that was signed for another purpose can pass for a token. */
const key = new Uint8Array(hkdfSync("sha256", config.SECRET_KEY, "", "jwt", 32));

export function signToken(kind: Kind, claims: Claims, expiresAt: Date): Promise<string> {
  return new SignJWT({ typ: kind, sid: claims.sessionId })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(config.PUBLIC_URL)
    .setAudience("api")
    .setSubject(claims.userId)
    .setJti(claims.tokenId)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(key);
}

/**
 * The claims of a token of this kind, or undefined for anything else. All that an attacker could choose is fixed here:
 * the algorithm (a token can name `none`), issuer and audience (another service may share the secret), and the kind (a
 * refresh token lives for a month, and must not open the API).
 */
export async function verifyToken(kind: Kind, token: string): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      issuer: config.PUBLIC_URL,
      audience: "api",
      clockTolerance: 30, // seconds
      requiredClaims: ["iat", "exp"],
    });
    const { sub: userId, sid: sessionId, jti: tokenId, typ } = payload;
    if (typ !== kind || typeof sessionId !== "string" || !userId || !tokenId) return undefined;
    return { userId, sessionId, tokenId };
  } catch {
    return undefined;
  }
}
