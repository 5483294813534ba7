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
        await sessions.deleteMany({ userId: id }); // first: no session without an account, wherever this stops
        await users.deleteOne({ _id: id });
        await sessions.deleteMany({ userId: id }); // a log-in may have come in since
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

      async deleteOthers(userId, keptId) {
        await sessions.deleteMany({ userId, _id: { $ne: keptId } });
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
