import { z } from "zod";
import type { User } from "./accounts.ts";
import { isCommonPassword } from "./passwords.ts";

const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;

const email = z
  .string()
  .refine((text) => [...text].length <= 254, "must be at most 254 characters")
  .regex(EMAIL, "must be an e-mail address")
  .meta({ format: "email" });

const name = z
  .string()
  .trim()
  .refine((text) => text !== "" && [...text].length <= 100, "must be 1 to 100 characters")
  .refine((text) => !/\p{Cc}/u.test(text), "must not hold control characters");

/** Counted in code points, so that a password of eight emoji is long enough. No rules on its make-up: OWASP, NIST. */
const newPassword = z
  .string()
  .refine((text) => [...text].length >= 8, "must be at least 8 characters")
  .refine((text) => [...text].length <= 128, "must be at most 128 characters")
  .refine((text) => !isCommonPassword(text), "is one of the passwords that are tried first");

export const SignUp = z.strictObject({ email, password: newPassword, name });

/** Only types are checked: what can be wrong with a log-in is one thing, and it says nothing about which part. */
export const LogIn = z.strictObject({ email: z.string(), password: z.string() });

export const PasswordChange = z.strictObject({ currentPassword: z.string(), newPassword });

export const AccountDeletion = z.strictObject({ password: z.string() });

export const UserAnswer = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime({ precision: 3 }),
});

export function toAnswer(user: User): z.infer<typeof UserAnswer> {
  const { id, email: address, name: called, createdAt } = user;
  return { id, email: address, name: called, createdAt: createdAt.toISOString() };
}

/** Upper case first: `ß` and `SS` are equal without regard to case, and only upper case says so. */
export function foldCase(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase();
}
