import type { TestApp } from "./app.ts";

/** Headers of a signed-in client: none are needed. */
export function signIn(_app: TestApp, _name: string): Promise<Record<string, string>> {
  return Promise.resolve({});
}
