import type { TestApp } from "./app.ts";

export interface NewAccount {
  email: string;
  password: string;
  name: string;
}

/** Signs somebody up, unless the account is there already. */
export async function newAccount(
  app: TestApp,
  json: NewAccount,
  headers: Record<string, string>,
): Promise<void> {
  await app.send("POST", "/api/v1/auth/signup", { json, headers });
}
