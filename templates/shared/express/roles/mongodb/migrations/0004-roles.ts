import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  await db?.collection("users").createIndex({ role: 1, _id: 1 });
}
