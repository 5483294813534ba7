import type { Transaction } from "../../db.ts";

export interface User {
  id: string;
  email: string;
  /** The address as it is compared: two spellings of one address are one account. */
  emailKey: string;
  name: string;
  passwordHash: string;
  createdAt: Date;
}

/** A signed-in device. What the client shows for it (a cookie, a token) is proven by `key`. */
export interface Session {
  id: string;
  userId: string;
  key: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface UserRepository {
  /** False when the address is taken. */
  insert(user: User): Promise<boolean>;
  find(id: string): Promise<User | undefined>;
  findByEmail(emailKey: string): Promise<User | undefined>;
  /** Replaces exactly `oldHash`: of two changes at the same time one finds that it came too late. */
  changePassword(id: string, oldHash: string, newHash: string): Promise<boolean>;
  /** With all its sessions. */
  delete(id: string, tx: Transaction): Promise<void>;
}

export interface SessionRepository {
  /** False when the account is gone. */
  insert(session: Session): Promise<boolean>;
  find(id: string): Promise<Session | undefined>;
  /** Replaces exactly `oldKey`; false when it is no longer the key. */
  rotate(id: string, oldKey: string, newKey: string, expiresAt: Date): Promise<boolean>;
  delete(id: string): Promise<void>;
  /** Ends all sessions of a user but `keptId`. */
  deleteOthers(userId: string, keptId: string): Promise<void>;
  deleteExpired(now: Date): Promise<void>;
}

export interface AccountRepositories {
  users: UserRepository;
  sessions: SessionRepository;
}
