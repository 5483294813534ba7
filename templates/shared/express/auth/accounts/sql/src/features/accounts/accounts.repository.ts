import {
  DataTypes,
  ForeignKeyConstraintError,
  type Model,
  Op,
  type Sequelize,
  UniqueConstraintError,
} from "sequelize";
import type { Database } from "../../db.ts";
import type { AccountRepositories, Session, User } from "./accounts.ts";

export function createAccountRepositories({ sequelize }: Database): AccountRepositories {
  const { users, sessions } = defineRows(sequelize);
  return {
    users: {
      insert: (user) => unless(UniqueConstraintError, users.create(user)),

      find: async (id) => (await users.findByPk(id))?.get(),

      findByEmail: async (emailKey) => (await users.findOne({ where: { emailKey } }))?.get(),

      async changePassword(id, oldHash, newHash) {
        const where = { id, passwordHash: oldHash };
        const [changed] = await users.update({ passwordHash: newHash }, { where });
        return changed === 1;
      },

      async delete(id, transaction) {
        await users.destroy({ where: { id }, transaction }); // and, by the foreign key, its sessions
      },
    },

    sessions: {
      insert: (session) => unless(ForeignKeyConstraintError, sessions.create(session)),

      find: async (id) => (await sessions.findByPk(id))?.get(),

      async rotate(id, oldKey, newKey, expiresAt) {
        const where = { id, key: oldKey };
        const [changed] = await sessions.update({ key: newKey, expiresAt }, { where });
        return changed === 1;
      },

      async delete(id) {
        await sessions.destroy({ where: { id } });
      },

      async deleteOthers(userId, keptId) {
        await sessions.destroy({ where: { userId, id: { [Op.ne]: keptId } } });
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
  return {
    users: sequelize.define<Model<User, User>>(
      "User",
      {
        id,
        email: DataTypes.STRING(254),
        emailKey: DataTypes.TEXT,
        name: DataTypes.STRING(100),
        passwordHash: DataTypes.STRING(255),
        createdAt: DataTypes.DATE(3),
      },
      { tableName: "users" },
    ),
    sessions: sequelize.define<Model<Session, Session>>(
      "Session",
      {
        id,
        userId: DataTypes.STRING(36),
        key: DataTypes.STRING(64),
        createdAt: DataTypes.DATE(3),
        expiresAt: DataTypes.DATE(3),
      },
      { tableName: "sessions" },
    ),
  };
}
