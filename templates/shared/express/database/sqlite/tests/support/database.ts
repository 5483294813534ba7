import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The URL of an empty file that lives as long as the tests. */
export function prepareDatabase(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "app-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return Promise.resolve(`sqlite:///${join(folder, "test.db")}`);
}
