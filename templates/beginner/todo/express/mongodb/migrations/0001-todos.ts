import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  // For the default order, and for `dueBefore`. The other orders sort all todos of the owner: hundreds, not millions.
  await db?.collection("todos").createIndex({ ownerId: 1, _id: 1 });
  await db?.collection("todos").createIndex({ ownerId: 1, dueDate: 1 });
}
