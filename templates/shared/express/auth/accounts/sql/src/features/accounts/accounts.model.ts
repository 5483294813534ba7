import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "../../db.ts";

export class User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  declare id: string;
  declare email: string;
  /** The address as it is compared: two spellings of one address are one account. */
  declare emailKey: string;
  declare name: string;
  declare passwordHash: string;
  declare createdAt: CreationOptional<Date>;
}

/** A signed-in device. `key` proves what the client shows for it: a cookie or a token. */
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  declare id: string;
  declare userId: string;
  declare key: string;
  declare createdAt: CreationOptional<Date>;
  declare expiresAt: Date;
}

const id = { type: DataTypes.STRING(36), primaryKey: true };

User.init(
  {
    id,
    email: DataTypes.STRING(254),
    emailKey: DataTypes.TEXT,
    name: DataTypes.STRING(100),
    passwordHash: DataTypes.STRING(255),
    createdAt: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
  },
  { sequelize, tableName: "users" },
);

Session.init(
  {
    id,
    userId: DataTypes.STRING(36),
    key: DataTypes.STRING(64),
    createdAt: { type: DataTypes.DATE(3), defaultValue: DataTypes.NOW },
    expiresAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "sessions" },
);
