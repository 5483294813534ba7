import * as sql from "sequelize";
import { contains, sequelize } from "../../db.ts";
import type { OwnedKey } from "../../schemas.ts";
import type { TodoCreate, TodoQuery, TodoUpdate } from "./todos.schema.ts";

const { DataTypes, Op } = sql;

export class Todo extends sql.Model<sql.InferAttributes<Todo>, sql.InferCreationAttributes<Todo>> {
  declare id: string;
  declare ownerId: string;
  declare title: string;
  declare notes: string;
  declare done: sql.CreationOptional<boolean>;
  /** `YYYY-MM-DD`: as text it sorts like a date. */
  declare dueDate: string | null;
  /** `0` is low, `2` is high. */
  declare priority: string;
  /** The tags, each between line breaks, so that `\nwork\n` finds exactly this one. */
  declare tagLines: string;
  /** Grows with every edit: the ETag. */
  declare version: sql.CreationOptional<number>;
  declare createdAt: sql.CreationOptional<Date>;
  declare updatedAt: sql.CreationOptional<Date>;
  declare completedAt: sql.CreationOptional<Date | null>;

  get tags(): sql.NonAttribute<string[]> {
    return this.tagLines.split("\n").filter(Boolean);
  }
}

Todo.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    ownerId: DataTypes.STRING(36),
    title: DataTypes.TEXT,
    notes: DataTypes.TEXT,
    done: { type: DataTypes.BOOLEAN, defaultValue: false },
    dueDate: DataTypes.STRING(10),
    priority: DataTypes.STRING(1),
    tagLines: DataTypes.TEXT,
    version: { type: DataTypes.INTEGER, defaultValue: 1 },
    createdAt: DataTypes.DATE(3),
    updatedAt: DataTypes.DATE(3),
    completedAt: { type: DataTypes.DATE(3), defaultValue: null },
  },
  { sequelize, tableName: "todos", timestamps: true },
);

const toLines = (tags: string[]) => `\n${tags.join("\n")}\n`;
const edited = () => ({ version: sql.literal("version + 1") });

export const insert = (todo: TodoCreate & { id: string; ownerId: string }) =>
  Todo.create({ ...todo, tagLines: toLines(todo.tags) });

export const find = (key: OwnedKey) => Todo.findOne({ where: { ...key } });

export function list(ownerId: string, { sort, cursor, limit, q, tag, ...query }: TodoQuery) {
  const { field, descending } = sort;
  const beyond = descending ? Op.lt : Op.gt;
  const filters: sql.WhereOptions<Todo>[] = [{ ownerId }];
  if (query.done) filters.push({ done: query.done === "true" });
  if (query.priority) filters.push({ priority: query.priority });
  if (query.dueBefore) filters.push({ dueDate: { [Op.lt]: query.dueBefore } });
  if (q) filters.push(contains(q, "title", "notes"));
  if (tag) {
    // If removing the tag changes the text, the todo has the tag. With LIKE, SQLite takes `Work` for `work`.
    const lines = sql.col("tag_lines");
    filters.push(sql.where(sql.fn("replace", lines, `\n${tag}\n`, ""), Op.ne, lines));
  }
  if (cursor) {
    const equal = { [Op.and]: [{ [field]: cursor.value }, { id: { [beyond]: cursor.id } }] };
    // NULL, no due date, is neither before nor after a date. It comes last in both directions.
    const others = [{ [field]: { [beyond]: cursor.value } }, { [field]: null }];
    filters.push(cursor.value === null ? equal : { [Op.or]: [equal, ...others] });
  }
  const direction = descending ? "DESC" : "ASC";
  const nullsLast = field === "dueDate" ? [sql.literal("due_date IS NULL")] : [];
  const order: sql.OrderItem[] = [...nullsLast, [field, direction], ["id", direction]];
  return Todo.findAll({ where: { [Op.and]: filters }, order, limit });
}

/** Checks and writes in one step, or two clients could both edit the same version. Null when no todo matches. */
export function update(key: OwnedKey, { tags, ...changes }: TodoUpdate) {
  // Who completes a todo again keeps the time of the first completion.
  const completedAt = sql.fn("coalesce", sql.col("completed_at"), new Date());
  const columns = {
    ...changes,
    ...(tags && { tagLines: toLines(tags) }),
    ...(changes.done === true && { completedAt }),
    ...(changes.done === false && { completedAt: null }),
    ...edited(),
  };
  return sequelize.transaction(async (transaction) => {
    const [changed] = await Todo.update(columns, { where: { ...key }, transaction });
    return changed === 1 ? await Todo.findByPk(key.id, { transaction }) : null;
  });
}

/** All or none, so null when one is missing. PostgreSQL locks rows: in different orders, two requests could deadlock. */
export function complete(ownerId: string, id: string[]) {
  return sequelize.transaction(async (transaction) => {
    const where = { ownerId, id };
    const found = await Todo.findAll({ where, order: ["id"], lock: true, transaction });
    if (found.length < id.length) return null;
    const done = { done: true, completedAt: new Date(), ...edited() };
    await Todo.update(done, { where: { ...where, done: false }, transaction });
    return await Todo.findAll({ where, order: ["id"], transaction });
  });
}

/** How many were deleted. */
export const remove = (key: OwnedKey) => Todo.destroy({ where: { ...key } });
export const removeAll = (ownerId: string) => Todo.destroy({ where: { ownerId } });
