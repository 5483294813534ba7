import createError from "http-errors";
import { notFound } from "../../errors.ts";
import { toPage } from "../../schemas.ts";
import { deleteOtherSessions } from "../accounts/accounts.repository.ts";
import { recordEvent } from "../events/events.service.ts";
import * as repository from "./users.repository.ts";
import type { MemberQuery, MemberUpdate } from "./users.schema.ts";

export async function getMember(id: string): Promise<repository.Member> {
  const member = await repository.find(id);
  if (!member) throw notFound();
  return member;
}

export async function listMembers(query: MemberQuery) {
  return toPage(await repository.list({ ...query, limit: query.limit + 1 }), query.limit);
}

/** @param versions - those that `If-Match` names; without it any will do */
export async function changeMember(id: string, changes: MemberUpdate, versions?: number[]) {
  const before = await change(id, changes, versions);
  const { role = before.role, active = before.active } = changes;
  if (role !== before.role) await recordEvent(id, "role-changed", null);
  if (active !== before.active) {
    await recordEvent(id, active ? "account-activated" : "account-deactivated", null);
  }
  if (!active) await endAllSessions(id);
  return await getMember(id);
}

/** No session has this id. */
export const endAllSessions = (userId: string) => deleteOtherSessions(userId, "");

/** Before an account is deleted: its owner must not be the last admin. */
export async function stepDown(userId: string): Promise<void> {
  const member = await repository.find(userId);
  if (member?.role === "admin") await change(userId, { role: "user" });
}

/**
 * What the member was before. Changes take turns: two admins who demote each other at the same moment would otherwise
 * both see that another one is left.
 */
function change(id: string, changes: MemberUpdate, versions?: number[]) {
  return repository.inTurn(async (turn) => {
    const member = await repository.find(id, turn);
    if (!member) throw notFound();
    if (versions && !versions.includes(member.version)) {
      throw createError(412, "The user has changed since you read it.");
    }
    const { role = member.role, active = member.active } = changes;
    const lost = isAdmin(member) && !isAdmin({ role, active });
    if (lost && (await repository.countAdmins(turn)) === 1) {
      throw createError(409, "The last admin must stay.");
    }
    const changed = role !== member.role || active !== member.active;
    if (changed) await repository.update(id, { role, active }, turn);
    return member;
  });
}

function isAdmin({ role, active }: Pick<repository.Member, "role" | "active">): boolean {
  return role === "admin" && active;
}
