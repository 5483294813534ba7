import createError, { type HttpError } from "http-errors";
import { v7 as uuidv7 } from "uuid";
import { notFound } from "../../errors.ts";
import type { OwnedKey } from "../../schemas.ts";
import { cursorAfter } from "../../sorting.ts";
import * as repository from "./todos.repository.ts";
import type { TodoCreate, TodoQuery, TodoUpdate } from "./todos.schema.ts";

export function createTodo(ownerId: string, todo: TodoCreate): Promise<repository.Todo> {
  return repository.insert({ ...todo, id: uuidv7(), ownerId });
}

/** The owner is part of the key: for everybody else the todo does not exist. */
export async function getTodo(key: OwnedKey): Promise<repository.Todo> {
  const todo = await repository.find(key);
  if (!todo) throw notFound();
  return todo;
}

export async function listTodos(ownerId: string, query: TodoQuery) {
  // One more than asked for: it shows that there is a next page.
  const todos = await repository.list(ownerId, { ...query, limit: query.limit + 1 });
  const items = todos.slice(0, query.limit);
  const last = todos.length > query.limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? cursorAfter(last, query.sort) : null };
}

export async function updateTodo(key: OwnedKey, changes: TodoUpdate): Promise<repository.Todo> {
  const empty = Object.keys(changes).length === 0;
  const todo = await (empty ? repository.find(key) : repository.update(key, changes));
  if (!todo) throw await writeError(key);
  return todo;
}

export async function deleteTodo(key: OwnedKey): Promise<void> {
  if ((await repository.remove(key)) === 0) throw await writeError(key);
}

/** The error for a conditional write that found no todo. */
async function writeError({ id, ownerId }: OwnedKey): Promise<HttpError> {
  if (!(await repository.find({ id, ownerId }))) return notFound();
  return createError(412, "The todo has changed since you read it.");
}

export async function completeTodos(ownerId: string, ids: string[]): Promise<repository.Todo[]> {
  const todos = await repository.complete(ownerId, ids);
  if (!todos) throw notFound();
  return todos;
}
