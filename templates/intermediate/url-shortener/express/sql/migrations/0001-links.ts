import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const links = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    owner_id: { type: DataTypes.STRING(36), allowNull: false },
    code: { type: DataTypes.STRING(32), allowNull: false },
    code_key: { type: DataTypes.STRING(32), allowNull: false },
    url: { type: DataTypes.TEXT, allowNull: false },
    enabled: { type: DataTypes.BOOLEAN, allowNull: false },
    expires_at: DataTypes.DATE(3),
    clicks: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.INTEGER, allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
    updated_at: { type: DataTypes.DATE(3), allowNull: false },
    deleted_at: DataTypes.DATE(3),
  };
  await db.createTable("links", links, { transaction });
  await db.addIndex("links", ["code_key"], { unique: true, name: "links_code_key", transaction });
  await db.addIndex("links", ["owner_id", "id"], { name: "links_owner", transaction });

  const clicks = {
    link_id: {
      type: DataTypes.STRING(36),
      primaryKey: true,
      references: { model: "links", key: "id" },
    },
    day: { type: DataTypes.STRING(10), primaryKey: true },
    // Empty when there was no referrer: NULL cannot be part of the key.
    host: { type: DataTypes.STRING(253), primaryKey: true },
    count: { type: DataTypes.BIGINT, allowNull: false },
  };
  await db.createTable("clicks", clicks, { transaction });

  const writers = {
    writer: { type: DataTypes.STRING(36), primaryKey: true },
    sequence: { type: DataTypes.INTEGER, allowNull: false },
  };
  await db.createTable("click_writers", writers, { transaction });
}
