import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "../../db.ts";

/** A deleted link stays as a tombstone without its content: its code, printed somewhere, must never lead elsewhere. */
export class Link extends Model<InferAttributes<Link>, InferCreationAttributes<Link>> {
  declare id: string;
  declare ownerId: string;
  declare code: string;
  /** The code in lower case: no two codes may differ only in that. */
  declare codeKey: string;
  declare url: string;
  declare enabled: CreationOptional<boolean>;
  declare expiresAt: Date | null;
  declare clicks: CreationOptional<number>;
  /** Grows with every edit, not with clicks: the ETag, and the order of cached states. */
  declare version: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;
}

Link.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    ownerId: DataTypes.STRING(36),
    code: DataTypes.STRING(32),
    codeKey: DataTypes.STRING(32),
    url: DataTypes.TEXT,
    enabled: { type: DataTypes.BOOLEAN, defaultValue: true },
    expiresAt: DataTypes.DATE(3),
    clicks: {
      type: DataTypes.BIGINT,
      defaultValue: 0,
      // PostgreSQL returns BIGINT as text, since it may be larger than a number can hold.
      get() {
        return Number(this.getDataValue("clicks"));
      },
    },
    version: { type: DataTypes.INTEGER, defaultValue: 1 },
    createdAt: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
    updatedAt: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
    deletedAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "links" },
);
