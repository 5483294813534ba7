import { z } from "zod";
import { PageQuery, pageOf, SearchText, sized, Timestamp } from "../../schemas.ts";
import { Cursor, sortBy } from "../../sorting.ts";
import type { Todo } from "./todos.repository.ts";

/** From the least to the most urgent. What is stored is the place in this list, so that it can be sorted by. */
const PRIORITIES = ["low", "normal", "high"] as const;
const priority = z.enum(PRIORITIES).transform((name) => `${PRIORITIES.indexOf(name)}`);

const title = sized(z.string().trim(), 1, 200);
const notes = sized(z.string(), 0, 5000);
const tag = sized(z.string().trim(), 1, 30, true);
const tags = several(tag, 0, 10, "must have at most 10 tags");
const dueDate = z.iso.date("must be a date such as 2030-01-31");

/** A todo's id grows with time, so the order of ids is that of creation. */
const Sort = sortBy({ createdAt: "id", dueDate: "dueDate", priority: "priority" });

export const TodoCreate = z.strictObject({
  title,
  notes: notes.default(""),
  dueDate: dueDate.nullable().default(null),
  priority: priority.prefault("normal"),
  tags: tags.default([]),
});
export type TodoCreate = z.infer<typeof TodoCreate>;

export const TodoUpdate = z
  .strictObject({ title, notes, done: z.boolean(), dueDate: dueDate.nullable(), priority, tags })
  .partial();
export type TodoUpdate = z.infer<typeof TodoUpdate>;

export const TodoIds = z.strictObject({ ids: several(z.string(), 1, 100, "needs 1 to 100 ids") });

export const TodoQuery = PageQuery.extend({
  done: z.enum(["true", "false"]).optional(),
  priority: priority.optional(),
  tag: tag.optional(),
  /** Exclusive: what is due on that day is not found. */
  dueBefore: dueDate.optional(),
  /** A substring of title or notes, without regard to case. */
  q: SearchText.optional(),
  sort: Sort.prefault("-createdAt"),
  cursor: Cursor.optional(),
});
export type TodoQuery = z.infer<typeof TodoQuery>;

export const TodoResponse = z.object({
  id: z.uuid(),
  title: z.string(),
  notes: z.string(),
  done: z.boolean(),
  dueDate: z.iso.date().nullable(),
  priority: z.enum(PRIORITIES),
  tags: z.array(z.string()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  completedAt: Timestamp.nullable(),
});

export const TodoPage = pageOf(TodoResponse);
export const TodoList = TodoPage.pick({ items: true });

export function toResponse(todo: Todo) {
  const { id, title, notes, done, dueDate, tags, createdAt, updatedAt, completedAt } = todo;
  const priority = PRIORITIES[Number(todo.priority)];
  return { id, title, notes, done, dueDate, priority, tags, createdAt, updatedAt, completedAt };
}

/** `min` to `max` different texts: repeated ones count once. */
function several(text: z.ZodType<string>, min: number, max: number, message: string) {
  return z
    .array(text)
    .transform((texts) => [...new Set(texts)])
    .refine(({ length }) => length >= min && length <= max, message)
    .meta({ minItems: min, maxItems: max });
}
