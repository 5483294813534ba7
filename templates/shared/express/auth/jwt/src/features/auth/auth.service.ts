import { v7 as uuidv7 } from "uuid";
import type { Config } from "../../config.ts";
import type { Caller } from "../../http/endpoint.ts";
import { type AccountService, unauthenticated } from "../accounts/accounts.service.ts";
import type { Claims, Tokens } from "./tokens.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  tokenType: "Bearer";
  /** Life of the access token in seconds. */
  expiresIn: number;
}

/** A session is a row; tokens only point to it. That costs a look-up a request, and lets a log-out act at once. */
export class AuthService {
  readonly #accounts: AccountService;
  readonly #tokens: Tokens;
  readonly #accessMs: number;
  readonly #refreshMs: number;

  constructor(
    accounts: AccountService,
    tokens: Tokens,
    config: Pick<Config, "ACCESS_TOKEN_MINUTES" | "REFRESH_TOKEN_DAYS">,
  ) {
    this.#accounts = accounts;
    this.#tokens = tokens;
    this.#accessMs = config.ACCESS_TOKEN_MINUTES * MINUTE_MS;
    this.#refreshMs = config.REFRESH_TOKEN_DAYS * DAY_MS;
  }

  async logIn(email: string, password: string, client: string): Promise<TokenPair> {
    const user = await this.#accounts.logIn(email, password, client);
    const claims = { userId: user.id, sessionId: uuidv7(), tokenId: crypto.randomUUID() };
    const session = {
      id: claims.sessionId,
      userId: user.id,
      key: claims.tokenId,
      createdAt: new Date(),
      expiresAt: this.#refreshEnd(),
    };
    if (!(await this.#accounts.sessions.insert(session)))
      throw unauthenticated("The account is gone.");
    return this.#pair(claims, session.expiresAt);
  }

  /**
   * A refresh token works once. When an old one comes back, either a thief or the owner holds a copy, and nobody can
   * tell who: the session ends for both. The row names the one token that is good, and replacing it is one step, so of
   * two uses at the same moment one wins and the other is such a reuse.
   */
  async refresh(token: string): Promise<TokenPair> {
    const old = await this.#tokens.verify("refresh", token);
    if (!old) throw unauthenticated("The refresh token is not valid.");
    const renewed = { ...old, tokenId: crypto.randomUUID() };
    const end = this.#refreshEnd();
    const { sessions } = this.#accounts;
    if (await sessions.rotate(old.sessionId, old.tokenId, renewed.tokenId, end)) {
      return this.#pair(renewed, end);
    }
    await sessions.delete(old.sessionId);
    throw unauthenticated("The refresh token was used before; please log in again.");
  }

  async authenticate(token: string): Promise<Caller | undefined> {
    const claims = await this.#tokens.verify("access", token);
    const session = claims && (await this.#accounts.sessions.find(claims.sessionId));
    if (session?.userId !== claims?.userId) return undefined;
    return session && { userId: session.userId, sessionId: session.id };
  }

  logOut(sessionId: string): Promise<void> {
    return this.#accounts.sessions.delete(sessionId);
  }

  #refreshEnd(): Date {
    return new Date(Date.now() + this.#refreshMs);
  }

  async #pair(claims: Claims, refreshEnd: Date): Promise<TokenPair> {
    const accessEnd = new Date(Date.now() + this.#accessMs);
    return {
      accessToken: await this.#tokens.sign("access", claims, accessEnd),
      refreshToken: await this.#tokens.sign("refresh", claims, refreshEnd),
      tokenType: "Bearer",
      expiresIn: this.#accessMs / 1000,
    };
  }
}
