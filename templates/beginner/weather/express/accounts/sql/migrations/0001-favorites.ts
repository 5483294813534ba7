import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const favorites = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    owner_id: { type: DataTypes.STRING(36), allowNull: false },
    name: DataTypes.TEXT,
    country: DataTypes.TEXT,
    lat: { type: DataTypes.DOUBLE, allowNull: false },
    lon: { type: DataTypes.DOUBLE, allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
  };
  await db.createTable("favorites", favorites, { transaction });
  const place = ["owner_id", "lat", "lon"];
  await db.addIndex("favorites", place, { unique: true, transaction });
  await db.addIndex("favorites", ["owner_id", "id"], { transaction }); // the list
}
