import { z } from "zod";
import { sized, Timestamp } from "../../schemas.ts";
import type { User } from "./accounts.repository.ts";
import { isCommonPassword } from "./passwords.ts";

// A list or a display name, `Ann <a@b.example>, c@d.example`, would bring one account's mails to somebody else.
const ADDRESS = /^[^\s@",;:<>()[\]\\]{1,64}@[^\s@",;:<>()[\]\\]{1,255}$/;
const email = z.email({ pattern: ADDRESS, error: "must be an e-mail address" }).max(254);

const name = sized(z.string().trim(), 1, 100, true);

/** No rules about the kinds of characters: see OWASP and NIST. */
const newPassword = sized(z.string(), 8, 128).refine(
  (text) => !isCommonPassword(text),
  "is one of the passwords that attackers try first",
);

export const SignUp = z.strictObject({ email, password: newPassword, name });
export type SignUp = z.infer<typeof SignUp>;

/** Only as long as one can be. No other rule: a log-in that fails must not say which part was wrong. */
const password = sized(z.string(), 0, 128);

export const LogIn = z.strictObject({ email: z.string().max(254), password });
export type LogIn = z.infer<typeof LogIn>;

export const PasswordChange = z.strictObject({ currentPassword: password, newPassword });
export type PasswordChange = z.infer<typeof PasswordChange>;

export const AccountDeletion = z.strictObject({ password });

const text = z.string();
export const UserResponse = z.object({
  id: z.uuid(),
  email: text,
  name: text,
  createdAt: Timestamp,
});

export function toResponse({ id, email, name, createdAt }: User) {
  return { id, email, name, createdAt };
}

/** Upper case first: `ß` and `SS` are equal without regard to case, and only upper case shows it. */
export function foldCase(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase();
}
