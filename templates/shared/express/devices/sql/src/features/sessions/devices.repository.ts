import * as sql from "sequelize";
import { sequelize } from "../../db.ts";

const { DataTypes, Op } = sql;

/** A session as its owner sees it: the same row as `Session`, without what proves it. */
class Device extends sql.Model<sql.InferAttributes<Device>, sql.InferCreationAttributes<Device>> {
  declare id: string;
  declare userId: string;
  declare userAgent: string | null;
  declare createdAt: Date;
  declare lastSeenAt: Date | null;
  declare expiresAt: Date;
}

Device.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    userId: DataTypes.STRING(36),
    userAgent: DataTypes.STRING(200),
    createdAt: DataTypes.DATE(3),
    lastSeenAt: DataTypes.DATE(3),
    expiresAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "sessions" },
);

/** The newest first, without those that have expired. */
export const list = (userId: string, now: Date) =>
  Device.findAll({ where: { userId, expiresAt: { [Op.gt]: now } }, order: [["id", "DESC"]] });

export async function see(id: string, lastSeenAt: Date, userAgent?: string | null): Promise<void> {
  const changes = { lastSeenAt, ...(userAgent !== undefined && { userAgent }) };
  await Device.update(changes, { where: { id } });
}

/** How many were deleted. */
export const remove = (userId: string, id: string) => Device.destroy({ where: { userId, id } });

export const removeAll = (userId: string) => Device.destroy({ where: { userId } });
