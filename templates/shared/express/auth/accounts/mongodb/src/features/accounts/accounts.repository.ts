import { model, Schema } from "mongoose";
import { OrphanError } from "../../db.ts";

export interface User {
  id: string;
  email: string;
  /** The address as it is compared: two spellings of one address are one account. */
  emailKey: string;
  name: string;
  passwordHash: string;
  createdAt: Date;
}

/** A signed-in device. `key` proves what the client shows for it: a cookie or a token. */
export interface Session {
  id: string;
  userId: string;
  key: string;
  createdAt: Date;
  expiresAt: Date;
}

/** The id is MongoDB's own `_id`. */
type Stored<T extends { id: string }> = Omit<T, "id"> & { _id: string };

const options = { versionKey: false, id: false } as const;
const createdAt = { type: Date, default: () => new Date() };

const UserModel = model(
  "User",
  new Schema<Stored<User>>(
    {
      _id: String,
      email: String,
      emailKey: String,
      name: String,
      passwordHash: String,
      createdAt,
    },
    options,
  ),
);

const SessionModel = model(
  "Session",
  new Schema<Stored<Session>>(
    { _id: String, userId: String, key: String, createdAt, expiresAt: Date },
    options,
  ),
);

export async function insertUser({ id, ...user }: Omit<User, "createdAt">): Promise<User> {
  return toEntity((await UserModel.create({ _id: id, ...user })).toObject());
}

export async function findUser(id: string): Promise<User | null> {
  const user = await UserModel.findById(id).lean();
  return user && toEntity<User>(user);
}

export async function findUserByEmail(emailKey: string): Promise<User | null> {
  const user = await UserModel.findOne({ emailKey }).lean();
  return user && toEntity<User>(user);
}

/** False when the password is no longer `oldHash`. Without one, any is replaced. */
export async function updatePassword(id: string, passwordHash: string, oldHash?: string) {
  const filter = { _id: id, ...(oldHash && { passwordHash: oldHash }) };
  const { matchedCount } = await UserModel.updateOne(filter, { passwordHash });
  return matchedCount === 1;
}

/** With all sessions. */
export async function deleteUser(id: string) {
  await SessionModel.deleteMany({ userId: id }); // first: no session without an account, wherever this stops
  await UserModel.deleteOne({ _id: id });
  await SessionModel.deleteMany({ userId: id }); // a log-in may have come in since
}

/** A conflict when the account is gone. It may go while the password is checked, so look after the write. */
export async function insertSession({ id, ...session }: Omit<Session, "createdAt">) {
  await SessionModel.create({ _id: id, ...session });
  if (await UserModel.exists({ _id: session.userId })) return;
  await SessionModel.deleteOne({ _id: id });
  throw new OrphanError("the account is gone");
}

export async function findSession(id: string): Promise<Session | null> {
  const session = await SessionModel.findById(id).lean();
  return session && toEntity<Session>(session);
}

/** Replaces exactly `oldKey`; false when it is no longer the key. */
export async function rotateSession(id: string, oldKey: string, key: string, expiresAt: Date) {
  const filter = { _id: id, key: oldKey };
  const { modifiedCount } = await SessionModel.updateOne(filter, { key, expiresAt });
  return modifiedCount === 1;
}

export async function deleteSession(id: string) {
  await SessionModel.deleteOne({ _id: id });
}

/** All of a user's sessions but this one. */
export async function deleteOtherSessions(userId: string, id: string) {
  await SessionModel.deleteMany({ userId, _id: { $ne: id } });
}

export async function deleteExpiredSessions(now: Date) {
  await SessionModel.deleteMany({ expiresAt: { $lt: now } });
}

function toEntity<T extends { id: string }>({ _id: id, ...rest }: Stored<T>): T {
  return { id, ...rest } as unknown as T;
}
