import { z } from "zod";
import { PageQuery, SearchText } from "../../schemas.ts";
import { UserResponse } from "../accounts/accounts.schema.ts";
import type { Member } from "./users.repository.ts";

const role = z.enum(["user", "admin"]);

export const MemberUpdate = z.strictObject({ role, active: z.boolean() }).partial();
export type MemberUpdate = z.infer<typeof MemberUpdate>;

export const MemberQuery = PageQuery.extend({ role: role.optional(), q: SearchText.optional() });
export type MemberQuery = z.infer<typeof MemberQuery>;

export const MemberResponse = UserResponse.extend({ role, active: z.boolean() });

export function toResponse({ id, email, name, createdAt, role, active }: Member) {
  return { id, email, name, createdAt, role, active };
}
