import { model, type QueryFilter, Schema } from "mongoose";
import "../../db.ts"; // the connection of the model
import type { OwnedKey } from "../../schemas.ts";
import type { TodoCreate, TodoQuery, TodoUpdate } from "./todos.schema.ts";

export interface Todo extends TodoCreate {
  id: string;
  ownerId: string;
  done: boolean;
  /** Grows with every edit: the ETag. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
}

/** The id is MongoDB's own `_id`. Until it is done, a todo has no `completedAt` at all. */
type StoredTodo = Omit<Todo, "id" | "completedAt"> & { _id: string; completedAt?: Date };

const TodoModel = model(
  "Todo",
  new Schema<StoredTodo>(
    {
      _id: String,
      ownerId: String,
      title: String,
      notes: String,
      done: { type: Boolean, default: false },
      dueDate: String,
      priority: String,
      tags: [String],
      version: { type: Number, default: 1 },
      createdAt: Date,
      updatedAt: Date,
      completedAt: Date,
    },
    { versionKey: false, id: false },
  ),
);

function toTodo({ _id: id, ...todo }: StoredTodo): Todo {
  return { completedAt: null, ...todo, id };
}

export async function insert({ id, ...todo }: TodoCreate & { id: string; ownerId: string }) {
  const now = new Date();
  const stored = { _id: id, ...todo, createdAt: now, updatedAt: now };
  return toTodo((await TodoModel.create(stored)).toObject());
}

export async function find(key: OwnedKey): Promise<Todo | null> {
  const todo = await TodoModel.findOne(filterBy(key)).lean();
  return todo && toTodo(todo);
}

function filterBy({ id, ownerId, version }: OwnedKey): QueryFilter<StoredTodo> {
  return { _id: id, ownerId, ...(version && { version: { $in: version } }) };
}

export async function list(ownerId: string, query: TodoQuery): Promise<Todo[]> {
  const { done, priority, tag, dueBefore, q, sort, cursor, limit } = query;
  const filters: QueryFilter<StoredTodo>[] = [{ ownerId }];
  if (done) filters.push({ done: done === "true" });
  if (priority) filters.push({ priority });
  if (tag) filters.push({ tags: tag });
  if (dueBefore) filters.push({ dueDate: { $lt: dueBefore } });
  if (q) {
    // What the user typed is text, not a pattern: `.*` must not match everything, nor `(a+)+$` take for ever.
    const pattern = { $regex: RegExp.escape(q), $options: "i" };
    filters.push({ $or: [{ title: pattern }, { notes: pattern }] });
  }
  const field = sort.field === "id" ? "_id" : sort.field;
  const beyond = sort.descending ? "$lt" : "$gt";
  if (cursor) {
    const equal = { $and: [{ [field]: cursor.value }, { _id: { [beyond]: cursor.id } }] };
    const others = [{ [field]: { [beyond]: cursor.value } }, { [field]: null }];
    filters.push(cursor.value === null ? equal : { $or: [equal, ...others] });
  }
  const direction = sort.descending ? -1 : 1;
  const todos = TodoModel.aggregate<StoredTodo>([
    { $match: { $and: filters } },
    // Sorted by itself, no due date would come first. It comes last in both directions.
    { $set: { undated: { $eq: [`$${field}`, null] } } },
    { $sort: { undated: 1, [field]: direction, _id: direction } },
    { $limit: limit },
    { $unset: "undated" },
  ]);
  return (await todos).map(toTodo);
}

/** Checks and writes in one step, or two clients could both edit the same version. Null when no todo matches. */
export async function update(key: OwnedKey, changes: TodoUpdate): Promise<Todo | null> {
  const reopened = changes.done === false && { $unset: { completedAt: 1 } };
  const edit = { ...edited(changes), ...reopened };
  const options = { returnDocument: "after" } as const;
  const todo = await TodoModel.findOneAndUpdate(filterBy(key), edit, options).lean();
  return todo && toTodo(todo);
}

/** `$min` keeps the time of a todo that is done already: it is the earlier one. */
function edited(changes: TodoUpdate) {
  const updatedAt = new Date();
  const completed = changes.done && { $min: { completedAt: updatedAt } };
  return { $set: { ...changes, updatedAt }, $inc: { version: 1 }, ...completed };
}

/**
 * All or none, so null when one is missing. A single MongoDB server has no transactions: one that is deleted between
 * the two steps is as good as deleted afterwards.
 */
export async function complete(ownerId: string, ids: string[]): Promise<Todo[] | null> {
  const filter = { _id: { $in: ids }, ownerId };
  const found = await TodoModel.find(filter).lean();
  if (found.length < ids.length) return null;
  await TodoModel.updateMany({ ...filter, done: false }, edited({ done: true }));
  return (await TodoModel.find(filter).sort({ _id: 1 }).lean()).map(toTodo);
}

/** How many were deleted. */
export async function remove(key: OwnedKey): Promise<number> {
  return (await TodoModel.deleteOne(filterBy(key))).deletedCount;
}

export const removeAll = (ownerId: string) => TodoModel.deleteMany({ ownerId });
