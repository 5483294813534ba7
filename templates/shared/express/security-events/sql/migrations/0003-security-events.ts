import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const events = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    user_id: {
      type: DataTypes.STRING(36),
      allowNull: false,
      references: { model: "users", key: "id" },
      onDelete: "CASCADE",
    },
    type: { type: DataTypes.STRING(50), allowNull: false },
    user_agent: DataTypes.STRING(200),
    at: { type: DataTypes.DATE(3), allowNull: false },
  };
  await db.createTable("security_events", events, { transaction });
  await db.addIndex("security_events", ["user_id", "id"], { transaction });
}
