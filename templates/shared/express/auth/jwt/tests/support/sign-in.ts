import assert from "node:assert/strict";
import type { TestApp } from "./app.ts";
import { newAccount } from "./new-account.ts";

export const PASSWORD = "a long enough passphrase";

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  tokenType: string;
  expiresIn: number;
}

export function emailOf(name: string): string {
  return `${name}@example.com`;
}

/** Headers of a signed-in client, whose account is made if need be. */
export async function signIn(app: TestApp, name: string): Promise<Record<string, string>> {
  const { accessToken } = await logIn(app, name);
  return { Authorization: `Bearer ${accessToken}` };
}

export async function logIn(app: TestApp, name: string): Promise<Tokens> {
  const credentials = { email: emailOf(name), password: PASSWORD };
  await newAccount(app, { ...credentials, name }, {});
  const response = await app.send("POST", "/api/v1/auth/login", { json: credentials });
  assert.equal(response.status, 200);
  return (await response.json()) as Tokens;
}

/** Headers that a state-changing request needs of anybody. */
export function csrfHeaders(_app: TestApp): Promise<Record<string, string>> {
  return Promise.resolve({});
}

/** Headers of the same client after a response. */
export function continued(headers: Record<string, string>, _response: Response) {
  return headers;
}

export async function deleteAccount(app: TestApp, headers: Record<string, string>): Promise<void> {
  const json = { password: PASSWORD };
  const response = await app.send("DELETE", "/api/v1/auth/me", { json, headers });
  assert.equal(response.status, 204);
}
