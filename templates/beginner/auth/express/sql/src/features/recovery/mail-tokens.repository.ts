import * as sql from "sequelize";
import { sequelize } from "../../db.ts";

const { DataTypes, Op } = sql;

export type Kind = "reset" | "email";

class MailToken extends sql.Model<
  sql.InferAttributes<MailToken>,
  sql.InferCreationAttributes<MailToken>
> {
  declare tokenHash: string;
  declare userId: string;
  declare kind: Kind;
  /** Where the account moves to. */
  declare newEmail: string | null;
  declare expiresAt: Date;
}

MailToken.init(
  {
    tokenHash: { type: DataTypes.STRING(64), primaryKey: true },
    userId: DataTypes.STRING(36),
    kind: DataTypes.STRING(5),
    newEmail: DataTypes.TEXT,
    expiresAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "mail_tokens" },
);

export async function insert(token: sql.CreationAttributes<MailToken>): Promise<void> {
  await MailToken.destroy({ where: { expiresAt: { [Op.lt]: new Date() } } });
  await MailToken.create(token);
}

/** Takes it out: null for whoever comes second, and for what has expired or is for something else. */
export async function take(kind: Kind, tokenHash: string): Promise<MailToken | null> {
  const where = { tokenHash, kind, expiresAt: { [Op.gt]: new Date() } };
  const token = await MailToken.findOne({ where });
  const deleted = token && (await MailToken.destroy({ where: { tokenHash } }));
  return deleted === 1 ? token : null;
}

export const deleteTokens = (userId: string, kind?: Kind) =>
  MailToken.destroy({ where: { userId, ...(kind && { kind }) } });

/** A conflict when another account has the address. */
export async function updateEmail(id: string, email: string, emailKey: string): Promise<void> {
  await sequelize.query(
    `UPDATE users SET email = :email, email_key = :emailKey, version = version + 1 WHERE id = :id`,
    { replacements: { id, email, emailKey } },
  );
}
