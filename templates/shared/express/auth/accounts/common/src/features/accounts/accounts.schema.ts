import { z } from "zod";
import { Timestamp } from "../../schemas.ts";
import type { User } from "./accounts.repository.ts";
import { isCommonPassword } from "./passwords.ts";

const email = z
  .email({ pattern: z.regexes.unicodeEmail, error: "must be an e-mail address" })
  .max(254);

// Lengths are checked by `refine`: with `/u` a `.` is a character, and `min` and `max` count an emoji as two.
const name = z
  .string()
  .trim()
  .refine((text) => /^[^\p{Cc}]{1,100}$/u.test(text), "must be 1 to 100 printable characters")
  .meta({ minLength: 1, maxLength: 100 });

/** No rules about the kinds of characters: see OWASP and NIST. */
const newPassword = z
  .string()
  .refine((text) => /^.{8,128}$/su.test(text), "must be 8 to 128 characters")
  .refine((text) => !isCommonPassword(text), "is one of the passwords that attackers try first")
  .meta({ minLength: 8, maxLength: 128 });

export const SignUp = z.strictObject({ email, password: newPassword, name });
export type SignUp = z.infer<typeof SignUp>;

/** Only as long as one can be. No other rule: a log-in that fails must not say which part was wrong. */
const password = z.string().refine((text) => /^.{0,128}$/su.test(text), "has over 128 characters");

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
