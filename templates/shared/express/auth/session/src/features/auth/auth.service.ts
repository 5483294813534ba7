import { createHash, randomBytes } from "node:crypto";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { Config } from "../../config.ts";
import type { Caller } from "../../http/endpoint.ts";
import { type AccountService, unauthenticated } from "../accounts/accounts.service.ts";
import type { User } from "../accounts/accounts.ts";

const DAY_MS = 86_400_000;

/**
 * The cookie is `<session id>.<secret>`. The database keeps the secret's SHA-256 only: whoever reads a backup holds
 * nobody's session. (No slow hash is needed: 256 random bits cannot be guessed.)
 */
export class AuthService {
  readonly lifeMs: number;
  readonly #accounts: AccountService;

  constructor(accounts: AccountService, config: Pick<Config, "SESSION_DAYS">) {
    this.#accounts = accounts;
    this.lifeMs = config.SESSION_DAYS * DAY_MS;
  }

  /** Always a new session: one that an attacker planted in the browser before log-in stays worthless. */
  async logIn(
    email: string,
    password: string,
    client: string,
    oldCookie: string,
  ): Promise<{ user: User; cookie: string }> {
    const user = await this.#accounts.logIn(email, password, client);
    const old = await this.authenticate(oldCookie);
    if (old) await this.logOut(old.sessionId);

    const secret = randomBytes(32).toString("base64url");
    const session = {
      id: uuidv7(),
      userId: user.id,
      key: digest(secret),
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + this.lifeMs),
    };
    if (!(await this.#accounts.sessions.insert(session)))
      throw unauthenticated("The account is gone.");
    return { user, cookie: `${session.id}.${secret}` };
  }

  async authenticate(cookie: string): Promise<Caller | undefined> {
    const [id = "", secret = ""] = cookie.split(".");
    if (!isUuid(id)) return undefined; // not one of ours: nothing to look up
    const session = await this.#accounts.sessions.find(id);
    // Comparing digests leaks no useful time: the sender cannot steer what the digest of a guess begins with.
    if (!session || session.key !== digest(secret) || session.expiresAt.getTime() <= Date.now()) {
      return undefined;
    }
    return { userId: session.userId, sessionId: session.id };
  }

  logOut(sessionId: string): Promise<void> {
    return this.#accounts.sessions.delete(sessionId);
  }
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
