import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  await db?.collection("users").createIndex({ emailKey: 1 }, { unique: true });
  await db?.collection("sessions").createIndex({ userId: 1 });
  await db?.collection("sessions").createIndex({ expiresAt: 1 });
}
