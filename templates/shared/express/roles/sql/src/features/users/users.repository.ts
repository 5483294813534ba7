import * as sql from "sequelize";
import { contains, sequelize } from "../../db.ts";
import type { MemberQuery } from "./users.schema.ts";

const { DataTypes, Op } = sql;

/** A user as admins see it: the same row as `User`, without the password. */
export class Member extends sql.Model<
  sql.InferAttributes<Member>,
  sql.InferCreationAttributes<Member>
> {
  declare id: string;
  declare email: string;
  declare name: string;
  declare createdAt: Date;
  declare role: "user" | "admin";
  declare active: boolean;
  /** Grows with every edit: the ETag. */
  declare version: number;
}

Member.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    email: DataTypes.STRING(254),
    name: DataTypes.STRING(100),
    createdAt: DataTypes.DATE(3),
    role: DataTypes.STRING(5),
    active: DataTypes.BOOLEAN,
    version: DataTypes.INTEGER,
  },
  { sequelize, tableName: "users" },
);

const ADMINS = { role: "admin", active: true } as const;

export const find = (id: string, transaction: sql.Transaction | null = null) =>
  Member.findByPk(id, { transaction });

/** The newest first, only those after the cursor. */
export function list({ q, role, cursor, limit }: MemberQuery) {
  const after = cursor && { id: { [Op.lt]: cursor } };
  const matching = q && { [Op.and]: contains(q, "email", "name") };
  const where = { ...(role && { role }), ...after, ...matching };
  return Member.findAll({ where, order: [["id", "DESC"]], limit });
}

/** Locks every admin, always in the order of their ids: two transactions could otherwise wait for each other. */
export function inTurn<T>(work: (turn: sql.Transaction) => Promise<T>): Promise<T> {
  return sequelize.transaction(async (transaction) => {
    await Member.findAll({ where: ADMINS, order: ["id"], lock: true, transaction });
    return await work(transaction);
  });
}

export const countAdmins = (transaction: sql.Transaction) =>
  Member.count({ where: ADMINS, transaction });

export async function update(
  id: string,
  changes: Pick<Member, "role" | "active">,
  transaction: sql.Transaction,
): Promise<void> {
  const version = sql.literal("version + 1");
  await Member.update({ ...changes, version }, { where: { id }, transaction });
}
