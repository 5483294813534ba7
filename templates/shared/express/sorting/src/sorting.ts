import { z } from "zod";

/** The parameter `sort`: one of the names, descending with a leading minus. Each name stands for a field that is text. */
export function sortBy<Name extends string, Field extends string>(fields: Record<Name, Field>) {
  const names = Object.keys(fields) as Name[];
  const descending = names.map((name) => `-${name}` as const);
  return z.enum([...names, ...descending]).transform((sort) => ({
    field: fields[sort.replace("-", "") as Name],
    descending: sort.startsWith("-"),
  }));
}

/**
 * The place where a page ended: the sorted value of its last item, and its id, which decides between equal values. The
 * next page begins behind that place. Page numbers would not do: an item that is created or deleted in the meantime
 * moves the others on, and the client sees one of them twice or misses one.
 */
export const Cursor = z
  .string()
  .transform((text) => Buffer.from(text, "base64url").toString("latin1").split(" "))
  .pipe(z.tuple([z.string().regex(/^[\w-]*$/), z.uuid()], "is not a cursor of this list"))
  .transform(([value, id]) => ({ value: value || null, id }));

export function cursorAfter<Field extends string>(
  item: { id: string } & Record<Field, string | null>,
  { field }: { field: Field },
): string {
  return Buffer.from(`${item[field] ?? ""} ${item.id}`).toString("base64url");
}
