import assert from "node:assert/strict";
import type { TestApp } from "./app.ts";
import { newAccount } from "./new-account.ts";

export const PASSWORD = "a long enough passphrase";

export function emailOf(name: string): string {
  return `${name}@example.com`;
}

/** Headers of a signed-in client, whose account is made if need be. */
export async function signIn(app: TestApp, name: string): Promise<Record<string, string>> {
  const headers = await csrfHeaders(app);
  const credentials = { email: emailOf(name), password: PASSWORD };
  await newAccount(app, { ...credentials, name }, headers);
  const response = await app.send("POST", "/api/v1/auth/login", { json: credentials, headers });
  assert.equal(response.status, 200);
  return headersFrom(response);
}

/** Headers that a state-changing request needs of anybody. */
export async function csrfHeaders(app: TestApp): Promise<Record<string, string>> {
  return headersFrom(await app.send("GET", "/api/v1/auth/csrf"));
}

/** Headers of the same client after a response, which may have set cookies anew. */
export function continued(headers: Record<string, string>, response: Response) {
  return response.headers.getSetCookie().length > 0 ? headersFrom(response) : headers;
}

export async function deleteAccount(app: TestApp, headers: Record<string, string>): Promise<void> {
  const json = { password: PASSWORD };
  const response = await app.send("DELETE", "/api/v1/auth/me", { json, headers });
  assert.equal(response.status, 204);
}

/** What a browser would send after this response: its cookies, and the token that its script read. */
export function headersFrom(response: Response): Record<string, string> {
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  const token = cookies.find((cookie) => cookie.startsWith("csrf_token="))?.split("=")[1];
  return { Cookie: cookies.join("; "), "X-CSRF-Token": token ?? "" };
}
