import {
  DataTypes,
  ForeignKeyConstraintError,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Sequelize,
  UniqueConstraintError,
} from "sequelize";
import type { Database } from "../../db.ts";
import type { AccountRepositories, Session, User } from "./accounts.ts";

class UserRow extends Model<InferAttributes<UserRow>, InferCreationAttributes<UserRow>> {
  declare id: string;
  declare email: string;
  declare emailKey: string;
  declare name: string;
  declare passwordHash: string;
  declare createdAt: Date;
}

class SessionRow extends Model<InferAttributes<SessionRow>, InferCreationAttributes<SessionRow>> {
  declare id: string;
  declare userId: string;
  declare key: string;
  declare createdAt: Date;
  declare expiresAt: Date;
}

export function createAccountRepositories({ sequelize }: Database): AccountRepositories {
  const { users, sessions } = defineRows(sequelize);
  return {
    users: {
      insert: (user) => unless(UniqueConstraintError, users.create(user)),

      find: async (id) => (await users.findByPk(id))?.get() as User | undefined,

      findByEmail: async (emailKey) =>
        (await users.findOne({ where: { emailKey } }))?.get() as User | undefined,

      async changePassword(id, oldHash, newHash) {
        const where = { id, passwordHash: oldHash };
        const [changed] = await users.update({ passwordHash: newHash }, { where });
        return changed === 1;
      },

      async delete(id, transaction) {
        await users.destroy({ where: { id }, transaction });
      },
    },

    sessions: {
      insert: (session) => unless(ForeignKeyConstraintError, sessions.create(session)),

      find: async (id) => (await sessions.findByPk(id))?.get() as Session | undefined,

      async rotate(id, oldKey, newKey, expiresAt) {
        const where = { id, key: oldKey };
        const [changed] = await sessions.update({ key: newKey, expiresAt }, { where });
        return changed === 1;
      },

      async delete(id) {
        await sessions.destroy({ where: { id } });
      },

      async deleteAll(userId, exceptId, transaction) {
        const where = { userId, ...(exceptId && { id: { [Op.ne]: exceptId } }) };
        await sessions.destroy({ where, ...(transaction && { transaction }) });
      },

      async deleteExpired(now) {
        await sessions.destroy({ where: { expiresAt: { [Op.lt]: now } } });
      },
    },
  };
}

/** True, or false when the database refused it for this reason. */
async function unless(
  reason: typeof UniqueConstraintError | typeof ForeignKeyConstraintError,
  write: Promise<unknown>,
): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof reason) return false;
    throw error;
  }
}

function defineRows(sequelize: Sequelize) {
  const id = { type: DataTypes.STRING(36), primaryKey: true };
  // Classes of their own for each connection: `init` binds the class that it is called on.
  return {
    users: class extends UserRow {}.init(
      {
        id,
        email: DataTypes.STRING(254),
        emailKey: DataTypes.TEXT,
        name: DataTypes.STRING(100),
        passwordHash: DataTypes.STRING(255),
        createdAt: DataTypes.DATE(3),
      },
      { sequelize, modelName: "User", tableName: "users" },
    ),
    sessions: class extends SessionRow {}.init(
      {
        id,
        userId: DataTypes.STRING(36),
        key: DataTypes.STRING(64),
        createdAt: DataTypes.DATE(3),
        expiresAt: DataTypes.DATE(3),
      },
      { sequelize, modelName: "Session", tableName: "sessions" },
    ),
  };
}
