import { type CreationAttributes, Op, type Transaction } from "sequelize";
import { Session, User } from "./accounts.model.ts";

export const insertUser = (user: CreationAttributes<User>) => User.create(user);

export const findUser = (id: string) => User.findByPk(id);

export const findUserByEmail = (emailKey: string) => User.findOne({ where: { emailKey } });

/** Replaces exactly `oldHash`: of two changes at the same time, one finds that it came too late. */
export async function changePassword(id: string, oldHash: string, newHash: string) {
  const where = { id, passwordHash: oldHash };
  const [changed] = await User.update({ passwordHash: newHash }, { where });
  return changed === 1;
}

/** With all sessions, by the foreign key. */
export async function deleteUser(id: string, transaction: Transaction) {
  await User.destroy({ where: { id }, transaction });
}

/** A conflict when the account is gone: the foreign key sees to it. */
export const insertSession = (session: CreationAttributes<Session>) => Session.create(session);

export const findSession = (id: string) => Session.findByPk(id);

/** Replaces exactly `oldKey`; false when it is no longer the key. */
export async function rotateSession(id: string, oldKey: string, key: string, expiresAt: Date) {
  const [changed] = await Session.update({ key, expiresAt }, { where: { id, key: oldKey } });
  return changed === 1;
}

export async function deleteSession(id: string) {
  await Session.destroy({ where: { id } });
}

/** All of a user's sessions but this one. */
export async function deleteOtherSessions(userId: string, id: string) {
  await Session.destroy({ where: { userId, id: { [Op.ne]: id } } });
}

export async function deleteExpiredSessions(now: Date) {
  await Session.destroy({ where: { expiresAt: { [Op.lt]: now } } });
}
