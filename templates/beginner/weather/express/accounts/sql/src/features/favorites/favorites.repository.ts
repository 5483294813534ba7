import * as sql from "sequelize";
import { sequelize } from "../../db.ts";
import type { OwnedKey } from "../../schemas.ts";

const { DataTypes, Op } = sql;

/** A place, once for each user: that is a unique index. */
export class Favorite extends sql.Model<
  sql.InferAttributes<Favorite>,
  sql.InferCreationAttributes<Favorite>
> {
  declare id: string;
  declare ownerId: string;
  declare name: string | null;
  declare country: string | null;
  declare lat: number;
  declare lon: number;
  declare createdAt: sql.CreationOptional<Date>;
}

Favorite.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    ownerId: DataTypes.STRING(36),
    name: DataTypes.TEXT,
    country: DataTypes.TEXT,
    lat: DataTypes.DOUBLE,
    lon: DataTypes.DOUBLE,
    createdAt: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
  },
  { sequelize, tableName: "favorites" },
);

export const insert = (favorite: sql.CreationAttributes<Favorite>) => Favorite.create(favorite);

export const find = (key: OwnedKey) => Favorite.findOne({ where: { ...key } });

/** The newest first, only those after the cursor. */
export function list(ownerId: string, limit: number, cursor?: string) {
  const where = { ownerId, ...(cursor && { id: { [Op.lt]: cursor } }) };
  return Favorite.findAll({ where, order: [["id", "DESC"]], limit });
}

/** How many were deleted. */
export const remove = (key: OwnedKey) => Favorite.destroy({ where: { ...key } });

export const removeAll = (ownerId: string) => Favorite.destroy({ where: { ownerId } });
