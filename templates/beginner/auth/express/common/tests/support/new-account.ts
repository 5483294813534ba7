import type { TestApp } from "./app.ts";
import { mailsTo, tokenOf } from "./mails.ts";

export interface NewAccount {
  email: string;
  password: string;
  name: string;
}

/** Signs somebody up and follows the link of the mail, unless the account is there already. */
export async function newAccount(
  app: TestApp,
  json: NewAccount,
  headers: Record<string, string>,
): Promise<void> {
  await app.send("POST", "/api/v1/auth/signup", { json, headers });
  const token = tokenOf((await mailsTo(json.email)).at(-1));
  if (token) await app.send("POST", "/api/v1/auth/verify-email", { json: { token }, headers });
}
