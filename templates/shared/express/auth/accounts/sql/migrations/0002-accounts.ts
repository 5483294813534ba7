import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const users = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    email: { type: DataTypes.STRING(254), allowNull: false },
    // Folding may lengthen an address: ﷺ becomes 18 characters.
    email_key: { type: DataTypes.TEXT, allowNull: false },
    name: { type: DataTypes.STRING(100), allowNull: false },
    password_hash: { type: DataTypes.STRING(255), allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
  };
  await db.createTable("users", users, { transaction });
  await db.addIndex("users", ["email_key"], { unique: true, name: "users_email_key", transaction });

  const sessions = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    user_id: {
      type: DataTypes.STRING(36),
      allowNull: false,
      references: { model: "users", key: "id" },
      // A log-in may come in while its account is being deleted: no session may stay behind.
      onDelete: "CASCADE",
    },
    key: { type: DataTypes.STRING(64), allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
    expires_at: { type: DataTypes.DATE(3), allowNull: false },
  };
  await db.createTable("sessions", sessions, { transaction });
  await db.addIndex("sessions", ["user_id"], { name: "sessions_user", transaction });
  await db.addIndex("sessions", ["expires_at"], { name: "sessions_expiry", transaction });
}
