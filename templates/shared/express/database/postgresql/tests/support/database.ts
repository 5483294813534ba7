import { connect } from "../../src/database-url.ts";

const FIX = "start one with `docker compose up -d postgresql`, or set TEST_DATABASE_URL";

/** The URL of an empty database for the tests alone; it is made when it is missing. */
export async function prepareDatabase(): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  const url = new URL(given || "postgresql://app:app@127.0.0.1:5432/app_test");
  const name = url.pathname.slice(1);
  const maintenance = Object.assign(new URL(url), { pathname: "/postgres" });
  const server = connect(maintenance.href, 1_000);
  const [found] = await server
    .query("SELECT 1 FROM pg_database WHERE datname = :name", { replacements: { name } })
    .catch(() => {
      throw new Error(`No PostgreSQL answers at ${url.host}: ${FIX}`);
    });
  if (found.length === 0) await server.query(`CREATE DATABASE "${name}"`);
  await server.close();

  const database = connect(url.href, 1_000);
  await database.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await database.close();
  return url.href;
}
