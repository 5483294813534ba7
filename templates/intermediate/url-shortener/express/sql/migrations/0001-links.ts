import { DataTypes, type QueryInterface } from "sequelize";

export async function up(db: QueryInterface): Promise<void> {
  await db.createTable("links", {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    // No foreign key: a deleted link outlives its account.
    owner_id: { type: DataTypes.STRING(36), allowNull: false },
    code: { type: DataTypes.STRING(32), allowNull: false },
    // The code in lower case: no two codes may differ only in that.
    code_key: { type: DataTypes.STRING(32), allowNull: false },
    url: { type: DataTypes.TEXT, allowNull: false },
    enabled: { type: DataTypes.BOOLEAN, allowNull: false },
    expires_at: DataTypes.DATE(3),
    clicks: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.INTEGER, allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
    updated_at: { type: DataTypes.DATE(3), allowNull: false },
    deleted_at: DataTypes.DATE(3),
  });
  await db.addIndex("links", ["code_key"], { unique: true, name: "links_code_key" });
  await db.addIndex("links", ["owner_id", "id"], { name: "links_owner" });

  await db.createTable("clicks", {
    link_id: {
      type: DataTypes.STRING(36),
      primaryKey: true,
      references: { model: "links", key: "id" },
    },
    day: { type: DataTypes.STRING(10), primaryKey: true },
    // Empty when there was no referrer: NULL could not be part of the key.
    host: { type: DataTypes.STRING(253), primaryKey: true },
    count: { type: DataTypes.BIGINT, allowNull: false },
  });

  await db.createTable("click_writers", {
    writer: { type: DataTypes.STRING(36), primaryKey: true },
    sequence: { type: DataTypes.INTEGER, allowNull: false },
  });
}

export async function down(db: QueryInterface): Promise<void> {
  await db.dropTable("click_writers");
  await db.dropTable("clicks");
  await db.dropTable("links");
}
