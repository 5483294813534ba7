import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  // Each list is that of one owner, in one of three orders.
  await db?.collection("todos").createIndex({ ownerId: 1, _id: 1 });
  await db?.collection("todos").createIndex({ ownerId: 1, dueDate: 1 });
  await db?.collection("todos").createIndex({ ownerId: 1, priority: 1 });
}
