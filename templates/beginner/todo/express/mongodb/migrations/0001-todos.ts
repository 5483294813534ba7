import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  // The first index has the default order, and the second finds what is due before a day. The other orders sort all
  // todos of the owner: hundreds, not millions.
  await db?.collection("todos").createIndex({ ownerId: 1, _id: 1 });
  await db?.collection("todos").createIndex({ ownerId: 1, dueDate: 1 });
}
