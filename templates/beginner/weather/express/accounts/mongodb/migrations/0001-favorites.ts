import type { Connection } from "mongoose";

export async function up({ db }: Connection): Promise<void> {
  const favorites = db?.collection("favorites");
  await favorites?.createIndex({ ownerId: 1, lat: 1, lon: 1 }, { unique: true });
  await favorites?.createIndex({ ownerId: 1, _id: 1 }); // the list
}
