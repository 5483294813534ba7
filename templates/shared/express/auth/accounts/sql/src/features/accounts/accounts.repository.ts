import {
  type CreationAttributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
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

export const insertUser = (user: CreationAttributes<User>) => User.create(user);

export const findUser = (id: string) => User.findByPk(id);

export const findUserByEmail = (emailKey: string) => User.findOne({ where: { emailKey } });

/** False when the password is no longer `oldHash`. Without one, any is replaced. */
export async function updatePassword(id: string, passwordHash: string, oldHash?: string) {
  const where = { id, ...(oldHash && { passwordHash: oldHash }) };
  return (await User.update({ passwordHash }, { where }))[0] === 1;
}

/** With all sessions, by the foreign key. */
export const deleteUser = (id: string) => User.destroy({ where: { id } });

/** A conflict when the account is gone: the foreign key sees to it. */
export const insertSession = (session: CreationAttributes<Session>) => Session.create(session);

export const findSession = (id: string) => Session.findByPk(id);

/** Replaces exactly `oldKey`; false when it is no longer the key. */
export async function rotateSession(id: string, oldKey: string, key: string, expiresAt: Date) {
  const [changed] = await Session.update({ key, expiresAt }, { where: { id, key: oldKey } });
  return changed === 1;
}

export const deleteSession = (id: string) => Session.destroy({ where: { id } });

/** All of a user's sessions but this one. */
export const deleteOtherSessions = (userId: string, id: string) =>
  Session.destroy({ where: { userId, id: { [Op.ne]: id } } });

export const deleteExpiredSessions = (now: Date) =>
  Session.destroy({ where: { expiresAt: { [Op.lt]: now } } });
