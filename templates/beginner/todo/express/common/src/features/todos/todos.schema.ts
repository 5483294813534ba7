import { z } from "zod";
import { PageQuery, pageOf, SearchText, Timestamp } from "../../schemas.ts";
import { Cursor, sortBy } from "../../sorting.ts";
import type { Todo } from "./todos.repository.ts";

/** From the least to the most urgent. What is stored is the place in this list, so that it can be sorted by. */
const PRIORITIES = ["low", "normal", "high"] as const;
const priority = z.enum(PRIORITIES).transform((name) => `${PRIORITIES.indexOf(name)}`);

// Not by `.regex()`: JSON Schema has no flags, and with `u` an expression counts characters, not halves of an emoji.
const matches = (pattern: RegExp) => (text: string) => pattern.test(text);
const trimmed = z.string().trim();
const title = trimmed.refine(matches(/^.{1,200}$/su), "must be 1 to 200 characters");
const notes = z.string().refine(matches(/^.{0,5000}$/su), "must be at most 5,000 characters");
const tag = trimmed.refine(matches(/^\P{Cc}{1,30}$/u), "must be 1 to 30 characters on one line");
const tags = several(tag, 0, 10);
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

export const TodoIds = z.strictObject({ ids: several(z.string(), 1, 100) });

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

/** So many different texts; repeated ones count once. */
function several(text: z.ZodType<string>, min: number, max: number) {
  return z
    .array(text)
    .transform((texts) => [...new Set(texts)])
    .refine(({ length }) => length >= min && length <= max, `must be ${min} to ${max}`);
}
