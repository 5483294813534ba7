import mongoose, { model, Schema } from "mongoose";

export type Kind = "reset" | "email";

interface MailToken {
  tokenHash: string;
  userId: string;
  kind: Kind;
  /** Where the account moves to. */
  newEmail: string | null;
  expiresAt: Date;
}

const MailTokenModel = model(
  "MailToken",
  new Schema<Omit<MailToken, "tokenHash"> & { _id: string }>(
    { _id: String, userId: String, kind: String, newEmail: String, expiresAt: Date },
    { versionKey: false, id: false },
  ),
  "mailtokens",
);

export async function insert({ tokenHash, ...token }: MailToken): Promise<void> {
  await MailTokenModel.deleteMany({ expiresAt: { $lt: new Date() } });
  await MailTokenModel.create({ _id: tokenHash, ...token });
}

/** Takes it out: null for whoever comes second, and for what has expired or is for something else. */
export function take(kind: Kind, tokenHash: string) {
  const filter = { _id: tokenHash, kind, expiresAt: { $gt: new Date() } };
  return MailTokenModel.findOneAndDelete(filter).lean();
}

export const deleteTokens = (userId: string, kind?: Kind) =>
  MailTokenModel.deleteMany({ userId, ...(kind && { kind }) });

/** A conflict when another account has the address. */
export async function updateEmail(id: string, email: string, emailKey: string): Promise<void> {
  const users = mongoose.connection.collection<{ _id: string; version: number }>("users");
  await users.updateOne({ _id: id }, { $set: { email, emailKey }, $inc: { version: 1 } });
}
