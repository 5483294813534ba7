import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  // The code in lower case: no two codes may differ only in that.
  await db?.collection("links").createIndex({ codeKey: 1 }, { unique: true });
  await db?.collection("links").createIndex({ ownerId: 1, _id: -1 });
  await db?.collection("clicks").createIndex({ linkId: 1, day: 1, host: 1 }, { unique: true });
}
