import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const text = { type: DataTypes.TEXT, allowNull: false };
  const tokenHash = { type: DataTypes.STRING(64), allowNull: false };
  const expiresAt = { type: DataTypes.DATE(3), allowNull: false };
  const signUps = {
    email_key: { ...text, primaryKey: true }, // one for an address, however many ask at once
    email: text,
    name: text,
    password_hash: text,
    token_hash: tokenHash,
    expires_at: expiresAt,
  };
  await db.createTable("sign_ups", signUps, { transaction });
  await db.addIndex("sign_ups", ["token_hash"], { unique: true, transaction });
  await db.addIndex("sign_ups", ["expires_at"], { transaction });

  const mailTokens = {
    token_hash: { ...tokenHash, primaryKey: true },
    user_id: { type: DataTypes.STRING(36), allowNull: false },
    kind: { type: DataTypes.STRING(5), allowNull: false },
    new_email: DataTypes.TEXT,
    expires_at: expiresAt,
  };
  await db.createTable("mail_tokens", mailTokens, { transaction });
  await db.addIndex("mail_tokens", ["user_id"], { transaction });
  await db.addIndex("mail_tokens", ["expires_at"], { transaction });
}
