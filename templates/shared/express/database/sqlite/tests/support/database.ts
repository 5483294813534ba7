import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** `DATABASE_URL`, or a file that lives as long as the test. */
export function databaseUrl(): string {
  const given = process.env["DATABASE_URL"];
  if (given) return given;
  const folder = mkdtempSync(join(tmpdir(), "app-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:///${join(folder, "test.db")}`;
}
