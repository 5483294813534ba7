import mongoose from "mongoose";

const FIX = "start one with `docker compose up -d mongodb`, or set TEST_DATABASE_URL";

/** The URL of an empty database for the tests alone. */
export async function prepareDatabase(): Promise<string> {
  const url = process.env["TEST_DATABASE_URL"] || "mongodb://127.0.0.1:27017/app_test";
  const { host } = new URL(url);
  const connection = mongoose.createConnection(url, { serverSelectionTimeoutMS: 1_000 });
  await connection.asPromise().catch(() => {
    throw new Error(`No MongoDB answers at ${host}: ${FIX}`);
  });
  await connection.dropDatabase();
  await connection.close();
  return url;
}
