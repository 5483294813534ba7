import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Config } from "../../config.ts";

const AUDIENCE = "api";

/** What a token says: whose it is, of which session, and which of the two kinds it is. */
export interface Claims {
  userId: string;
  sessionId: string;
  /** Of a refresh token: which one of its session. */
  tokenId: string;
}

type Kind = "access" | "refresh";

/**
 * Signs and checks. Everything that an attacker could choose is fixed here: the algorithm (a token could name `none`),
 * issuer and audience (a token of another service with the same secret), and the kind (a refresh token lives a month,
 * and must not open the API).
 */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #issuer: string;

  constructor({ SECRET_KEY, PUBLIC_URL }: Pick<Config, "SECRET_KEY" | "PUBLIC_URL">) {
    // A key of its own, so that no value signed for another purpose can pass for a token.
    this.#key = new Uint8Array(hkdfSync("sha256", SECRET_KEY, "", "jwt", 32));
    this.#issuer = PUBLIC_URL;
  }

  sign(kind: Kind, { userId, sessionId, tokenId }: Claims, expiresAt: Date): Promise<string> {
    return new SignJWT({ typ: kind, sid: sessionId })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setJti(tokenId)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(this.#key);
  }

  /** The claims of a token of this kind, or undefined for anything else. */
  async verify(kind: Kind, token: string): Promise<Claims | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ["HS256"],
        issuer: this.#issuer,
        audience: AUDIENCE,
        requiredClaims: ["sub", "sid", "jti", "iat", "exp"],
      });
      const { sub: userId, sid: sessionId, jti: tokenId, typ } = payload;
      if (typ !== kind || typeof sessionId !== "string" || !userId || !tokenId) return undefined;
      return { userId, sessionId, tokenId };
    } catch {
      return undefined;
    }
  }
}
