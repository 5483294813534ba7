import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  await db?.collection("securityevents").createIndex({ userId: 1, _id: 1 });
}
