import { setTimeout as wait } from "node:timers/promises";
import { model, type QueryFilter, Schema } from "mongoose";
import { isConflict } from "../../db.ts";
import type { MemberQuery } from "./users.schema.ts";

/** A user as admins see it: the same document as `User`, without the password. */
export interface Member {
  id: string;
  email: string;
  name: string;
  createdAt: Date;
  role: "user" | "admin";
  active: boolean;
  /** Grows with every edit: the ETag. */
  version: number;
}

/** The id is MongoDB's own `_id`. A user whom no admin has changed has the first three only. */
type StoredMember = Omit<Member, "id" | "role" | "active" | "version"> & { _id: string } & Partial<
    Pick<Member, "role" | "active" | "version">
  >;

const options = { versionKey: false, id: false } as const;

const MemberModel = model(
  "Member",
  new Schema<StoredMember>(
    {
      _id: String,
      email: String,
      name: String,
      createdAt: Date,
      role: String,
      active: Boolean,
      version: Number,
    },
    options,
  ),
  "users",
);

const LEASE_MS = 10_000;

const LockModel = model(
  "Lock",
  new Schema<{ _id: string; holder: string; until: Date }>(
    { _id: String, holder: String, until: Date },
    options,
  ),
);

function toMember({ _id: id, email, name, createdAt, ...stored }: StoredMember): Member {
  const { role = "user", active = true, version = 0 } = stored;
  return { id, email, name, createdAt, role, active, version };
}

export async function find(id: string, _turn?: undefined): Promise<Member | null> {
  const member = await MemberModel.findById(id).lean();
  return member && toMember(member);
}

/** The newest first, only those after the cursor. */
export async function list({ q, role, cursor, limit }: MemberQuery): Promise<Member[]> {
  const filters: QueryFilter<StoredMember>[] = [{}];
  if (role) filters.push({ role: role === "admin" ? role : { $ne: "admin" } });
  if (cursor) filters.push({ _id: { $lt: cursor } });
  if (q) {
    // What the user typed is text, not a pattern.
    const pattern = { $regex: RegExp.escape(q), $options: "i" };
    filters.push({ $or: [{ email: pattern }, { name: pattern }] });
  }
  const members = MemberModel.find({ $and: filters }).sort({ _id: -1 }).limit(limit);
  return (await members.lean()).map(toMember);
}

/**
 * A single MongoDB server has no transactions, so a document is the lock. It has an end, for a process that dies with
 * it; that is later than all the time limits of what is done meanwhile.
 */
export async function inTurn<T>(work: (turn: undefined) => Promise<T>): Promise<T> {
  const holder = crypto.randomUUID();
  await takeLock(holder);
  try {
    return await work(undefined);
  } finally {
    await LockModel.deleteOne({ _id: "admins", holder });
  }
}

async function takeLock(holder: string): Promise<void> {
  const deadline = Date.now() + LEASE_MS;
  for (;;) {
    const expired = { _id: "admins", until: { $lt: new Date() } };
    const lock = { holder, until: new Date(Date.now() + LEASE_MS) };
    try {
      await LockModel.updateOne(expired, lock, { upsert: true });
      return;
    } catch (error) {
      // There is one that has not expired: its id is taken.
      if (!isConflict(error) || Date.now() > deadline) throw error;
      await wait(10);
    }
  }
}

export const countAdmins = (_turn: undefined) =>
  MemberModel.countDocuments({ role: "admin", active: { $ne: false } });

export async function update(
  id: string,
  changes: Pick<Member, "role" | "active">,
  _turn: undefined,
): Promise<void> {
  await MemberModel.updateOne({ _id: id }, { $set: changes, $inc: { version: 1 } });
}
