import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const columns = {
    role: { type: DataTypes.STRING(5), allowNull: false, defaultValue: "user" },
    active: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
    version: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
  };
  for (const [name, column] of Object.entries(columns)) {
    await db.addColumn("users", name, column, { transaction });
  }
  await db.addIndex("users", ["role", "id"], { transaction });
}
