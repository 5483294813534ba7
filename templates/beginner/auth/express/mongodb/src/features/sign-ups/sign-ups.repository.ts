import { model, Schema } from "mongoose";

/** Somebody who has not proven the address yet. */
export interface PendingSignUp {
  /** The address as it is compared. */
  emailKey: string;
  email: string;
  name: string;
  passwordHash: string;
  tokenHash: string;
  expiresAt: Date;
}

type Proof = Pick<PendingSignUp, "tokenHash" | "expiresAt">;
type Stored = Omit<PendingSignUp, "emailKey"> & { _id: string };

/** The address is the id: there is one for it, however many ask at once. */
const SignUpModel = model(
  "SignUp",
  new Schema<Stored>(
    {
      _id: String,
      email: String,
      name: String,
      passwordHash: String,
      tokenHash: String,
      expiresAt: Date,
    },
    { versionKey: false, id: false },
  ),
  "signups",
);

const alive = () => ({ expiresAt: { $gt: new Date() } });

function toSignUp({ _id: emailKey, ...signUp }: Stored): PendingSignUp {
  return { emailKey, ...signUp };
}

/** Of fifty at the same moment, the last one is left. */
export async function upsert({ emailKey, ...signUp }: PendingSignUp): Promise<void> {
  await SignUpModel.deleteMany({ expiresAt: { $lt: new Date() } });
  const write = () => SignUpModel.updateOne({ _id: emailKey }, { $set: signUp }, { upsert: true });
  // Two that find none both insert, and one of them fails: now there is one to replace.
  await write().catch((error) => (error.code === 11_000 ? write() : Promise.reject(error)));
}

export async function findByEmail(emailKey: string): Promise<PendingSignUp | null> {
  const signUp = await SignUpModel.findOne({ _id: emailKey, ...alive() }).lean();
  return signUp && toSignUp(signUp);
}

/** False when it is gone. */
export async function renew(emailKey: string, proof: Proof): Promise<boolean> {
  return (await SignUpModel.updateOne({ _id: emailKey }, proof)).matchedCount === 1;
}

/** Takes it out: null for whoever comes second. */
export async function take(tokenHash: string): Promise<PendingSignUp | null> {
  const signUp = await SignUpModel.findOneAndDelete({ tokenHash, ...alive() }).lean();
  return signUp && toSignUp(signUp);
}
