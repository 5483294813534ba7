import type { TestApp } from "./app.ts";

/** There is one user only: what belongs to others cannot be tested. */
export const severalUsers = false;

/** Headers of a signed-in client. */
export function signIn(_app: TestApp, _name: string): Promise<Record<string, string>> {
  return Promise.resolve({});
}

export function deleteAccount(_app: TestApp, _headers: Record<string, string>): Promise<void> {
  return Promise.reject(new Error("there are no accounts"));
}
