import * as sql from "sequelize";
import { sequelize } from "../../db.ts";

const { DataTypes, Op } = sql;

class Event extends sql.Model<sql.InferAttributes<Event>, sql.InferCreationAttributes<Event>> {
  declare id: string;
  declare userId: string;
  declare type: string;
  declare userAgent: string | null;
  declare at: sql.CreationOptional<Date>;
}

Event.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    userId: DataTypes.STRING(36),
    type: DataTypes.STRING(50),
    userAgent: DataTypes.STRING(200),
    at: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
  },
  { sequelize, tableName: "security_events" },
);

export const insert = (event: sql.CreationAttributes<Event>) => Event.create(event);

/** The newest first, only those after the cursor. */
export function list(userId: string, limit: number, cursor?: string) {
  const where = { userId, ...(cursor && { id: { [Op.lt]: cursor } }) };
  return Event.findAll({ where, order: [["id", "DESC"]], limit });
}

export const removeAll = (userId: string) => Event.destroy({ where: { userId } });
