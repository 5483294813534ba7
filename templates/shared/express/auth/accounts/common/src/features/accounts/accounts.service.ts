import { v7 as uuidv7 } from "uuid";
import type { AccountHook } from "../../context.ts";
import type { Database } from "../../db.ts";
import { Problem } from "../../errors.ts";
import { createAccountRepositories } from "./accounts.repository.ts";
import { foldCase } from "./accounts.schema.ts";
import type { SessionRepository, User, UserRepository } from "./accounts.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { Throttle } from "./throttle.ts";

/** Accounts and their passwords; how a session is shown to the client is up to the auth choice. */
export class AccountService {
  readonly sessions: SessionRepository;
  readonly #users: UserRepository;
  readonly #db: Database;
  readonly #hooks: AccountHook[];
  readonly #throttle = new Throttle();

  constructor(db: Database, hooks: AccountHook[]) {
    const { users, sessions } = createAccountRepositories(db);
    this.#db = db;
    this.#users = users;
    this.sessions = sessions;
    this.#hooks = hooks;
  }

  async signUp(account: { email: string; password: string; name: string }): Promise<User> {
    const user: User = {
      id: uuidv7(),
      email: account.email,
      emailKey: foldCase(account.email),
      name: account.name,
      passwordHash: await hashPassword(account.password),
      createdAt: new Date(),
    };
    if (await this.#users.insert(user)) return user;
    throw new Problem("conflict", "There is already an account with this address.");
  }

  /** The account of these credentials. A wrong address and a wrong password cannot be told apart, not by time either. */
  async logIn(email: string, password: string, client: string): Promise<User> {
    const emailKey = foldCase(email);
    let user: User | undefined;
    const matches = await this.#throttle.run(client, emailKey, async () => {
      user = await this.#users.findByEmail(emailKey);
      return await verifyPassword(user?.passwordHash, password);
    });
    if (!matches || !user) throw unauthenticated("The address or the password is wrong.");
    await this.sessions.deleteExpired(new Date());
    return user;
  }

  async get(userId: string): Promise<User> {
    const user = await this.#users.find(userId);
    if (!user) throw unauthenticated("The account is gone.");
    return user;
  }

  /** Ends every other session: whoever else knew the old password is out. */
  async changePassword(
    { userId, sessionId }: { userId: string; sessionId: string },
    passwords: { currentPassword: string; newPassword: string },
  ): Promise<void> {
    const user = await this.#confirm(userId, passwords.currentPassword);
    const newHash = await hashPassword(passwords.newPassword);
    if (!(await this.#users.changePassword(userId, user.passwordHash, newHash)))
      throw wrongPassword();
    await this.sessions.deleteOthers(userId, sessionId);
  }

  async delete(userId: string, password: string): Promise<void> {
    await this.#confirm(userId, password);
    const afterCommit = await this.#db.transaction(async (tx) => {
      const done = [];
      for (const hook of this.#hooks) done.push(await hook(userId, tx));
      await this.#users.delete(userId, tx);
      return done;
    });
    for (const run of afterCommit) await run();
  }

  /** An account to try things with; its password is made up, and shown once. */
  async demoUser(): Promise<string> {
    const email = "demo@example.com";
    const existing = await this.#users.findByEmail(foldCase(email));
    if (existing) return existing.id;
    const password = crypto.randomUUID();
    const user = await this.signUp({ email, password, name: "Demo" });
    process.stdout.write(`Demo account: ${email}, password ${password}\n`);
    return user.id;
  }

  /** Not throttled: who is signed in already and mistypes must not be shut out of logging in. */
  async #confirm(userId: string, password: string): Promise<User> {
    const user = await this.get(userId);
    if (!(await verifyPassword(user.passwordHash, password))) throw wrongPassword();
    return user;
  }
}

export function unauthenticated(detail: string): Problem {
  return new Problem("unauthenticated", detail);
}

function wrongPassword(): Problem {
  return new Problem("wrong-password", "The current password is wrong.");
}
