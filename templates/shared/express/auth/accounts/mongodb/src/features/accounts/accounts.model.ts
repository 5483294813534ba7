import { model, Schema } from "mongoose";

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
export type Stored<T extends { id: string }> = Omit<T, "id"> & { _id: string };

const options = { versionKey: false, id: false } as const;
const createdAt = { type: Date, default: () => new Date() };

export const UserModel = model(
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

export const SessionModel = model(
  "Session",
  new Schema<Stored<Session>>(
    { _id: String, userId: String, key: String, createdAt, expiresAt: Date },
    options,
  ),
);
