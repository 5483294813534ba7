/** `DATABASE_URL`. There is no default, for the tests empty the database. */
export function databaseUrl(): string {
  const given = process.env["DATABASE_URL"];
  if (!given) throw new Error("DATABASE_URL: set it to a database that the tests may empty");
  return given;
}
