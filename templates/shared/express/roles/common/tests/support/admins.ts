import assert from "node:assert/strict";
import { findUserByEmail } from "../../src/features/accounts/accounts.repository.ts";
import { changeMember, listMembers } from "../../src/features/users/users.service.ts";
import { emailOf } from "./sign-in.ts";

export async function idOf(name: string): Promise<string> {
  const user = await findUserByEmail(emailOf(name));
  assert(user, `no account of ${name}`);
  return user.id;
}

/** Makes these, and nobody else, admins. */
export async function onlyAdmins(...names: string[]): Promise<void> {
  for (const name of names) await changeMember(await idOf(name), { role: "admin", active: true });
  const { items } = await listMembers({ role: "admin", limit: 100 });
  const others = items.filter(({ email }) => !names.map(emailOf).includes(email));
  for (const { id } of others) await changeMember(id, { role: "user" });
}
