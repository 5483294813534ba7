import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  await db.addColumn("sessions", "user_agent", DataTypes.STRING(200), { transaction });
  await db.addColumn("sessions", "last_seen_at", DataTypes.DATE(3), { transaction });
}
