import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  await db?.collection("signups").createIndex({ tokenHash: 1 }, { unique: true });
  await db?.collection("signups").createIndex({ expiresAt: 1 });
  await db?.collection("mailtokens").createIndex({ userId: 1 });
  await db?.collection("mailtokens").createIndex({ expiresAt: 1 });
}
