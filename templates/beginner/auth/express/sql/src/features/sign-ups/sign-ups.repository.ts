import * as sql from "sequelize";
import { sequelize } from "../../db.ts";

const { DataTypes, Op } = sql;

/** Somebody who has not proven the address yet. */
export class PendingSignUp extends sql.Model<
  sql.InferAttributes<PendingSignUp>,
  sql.InferCreationAttributes<PendingSignUp>
> {
  /** The address as it is compared. */
  declare emailKey: string;
  declare email: string;
  declare name: string;
  declare passwordHash: string;
  declare tokenHash: string;
  declare expiresAt: Date;
}

PendingSignUp.init(
  {
    emailKey: { type: DataTypes.TEXT, primaryKey: true },
    email: DataTypes.TEXT,
    name: DataTypes.TEXT,
    passwordHash: DataTypes.TEXT,
    tokenHash: DataTypes.STRING(64),
    expiresAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "sign_ups" },
);

type Proof = Pick<PendingSignUp, "tokenHash" | "expiresAt">;

const alive = () => ({ expiresAt: { [Op.gt]: new Date() } });

/** The only one of its address, in one step: of fifty at the same moment, the last one is left. */
export async function upsert(signUp: sql.CreationAttributes<PendingSignUp>): Promise<void> {
  await PendingSignUp.destroy({ where: { expiresAt: { [Op.lt]: new Date() } } });
  await PendingSignUp.upsert(signUp);
}

export const findByEmail = (emailKey: string) =>
  PendingSignUp.findOne({ where: { emailKey, ...alive() } });

/** False when it is gone. */
export async function renew(emailKey: string, proof: Proof): Promise<boolean> {
  const [changed] = await PendingSignUp.update(proof, { where: { emailKey } });
  return changed === 1;
}

/** Takes it out: null for whoever comes second. */
export async function take(tokenHash: string): Promise<PendingSignUp | null> {
  const signUp = await PendingSignUp.findOne({ where: { tokenHash, ...alive() } });
  const deleted = signUp && (await PendingSignUp.destroy({ where: { tokenHash } }));
  return deleted === 1 ? signUp : null;
}
