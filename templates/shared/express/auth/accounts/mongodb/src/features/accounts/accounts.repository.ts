import { Schema } from "mongoose";
import { type Database, isDuplicate } from "../../db.ts";
import type { AccountRepositories, Session, User } from "./accounts.ts";

type Stored<T extends { id: string }> = Omit<T, "id"> & { _id: string };

const options = { versionKey: false, id: false } as const;

const UserSchema = new Schema<Stored<User>>(
  {
    _id: String,
    email: String,
    emailKey: String,
    name: String,
    passwordHash: String,
    createdAt: Date,
  },
  options,
);

const SessionSchema = new Schema<Stored<Session>>(
  { _id: String, userId: String, key: String, createdAt: Date, expiresAt: Date },
  options,
);

export function createAccountRepositories({ connection }: Database): AccountRepositories {
  const users = connection.model("User", UserSchema, "users");
  const sessions = connection.model("Session", SessionSchema, "sessions");
  return {
    users: {
      async insert(user) {
        try {
          await users.create(toStored(user));
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      },

      find: async (id) => fromStored(await users.findById(id).lean()),

      findByEmail: async (emailKey) => fromStored(await users.findOne({ emailKey }).lean()),

      async changePassword(id, oldHash, newHash) {
        const filter = { _id: id, passwordHash: oldHash };
        const { modifiedCount } = await users.updateOne(filter, { passwordHash: newHash });
        return modifiedCount === 1;
      },

      async delete(id) {
        await users.deleteOne({ _id: id });
        // A log-in may have come in since the sessions were deleted.
        await sessions.deleteMany({ userId: id });
      },
    },

    sessions: {
      async insert(session) {
        await sessions.create(toStored(session));
        // In place of a foreign key: the account may have gone while the password was checked.
        if (await users.exists({ _id: session.userId })) return true;
        await sessions.deleteOne({ _id: session.id });
        return false;
      },

      find: async (id) => fromStored(await sessions.findById(id).lean()),

      async rotate(id, oldKey, newKey, expiresAt) {
        const filter = { _id: id, key: oldKey };
        const { modifiedCount } = await sessions.updateOne(filter, { key: newKey, expiresAt });
        return modifiedCount === 1;
      },

      async delete(id) {
        await sessions.deleteOne({ _id: id });
      },

      async deleteAll(userId, exceptId) {
        await sessions.deleteMany({ userId, ...(exceptId && { _id: { $ne: exceptId } }) });
      },

      async deleteExpired(now) {
        await sessions.deleteMany({ expiresAt: { $lt: now } });
      },
    },
  };
}

function toStored<T extends { id: string }>({ id, ...rest }: T) {
  return { _id: id, ...rest };
}

function fromStored<T extends { _id: string }>(stored: T | null) {
  if (!stored) return undefined;
  const { _id: id, ...rest } = stored;
  return { id, ...rest };
}
