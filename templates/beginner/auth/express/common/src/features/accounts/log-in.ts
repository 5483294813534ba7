import createError from "http-errors";
import { unauthenticated } from "../auth/require-user.ts";
import { findByEmail as findSignUp } from "../sign-ups/sign-ups.repository.ts";
import { find as findMember } from "../users/users.repository.ts";
import * as repository from "./accounts.repository.ts";
import { foldCase, type LogIn } from "./accounts.schema.ts";
import { verifyPassword } from "./passwords.ts";
import { throttle } from "./throttle.ts";

/**
 * The account of these credentials. That an address is not proven yet, or that an account is shut out, is said only to
 * who knows the password; and in all cases one password is verified, or the time would tell.
 */
export async function findForLogIn({ email, password }: LogIn, client: string) {
  const emailKey = foldCase(email);
  const found = await throttle(client, emailKey, async () => {
    const candidates = [repository.findUserByEmail(emailKey), findSignUp(emailKey)] as const;
    const [user, signUp] = await Promise.all(candidates);
    const { passwordHash } = user ?? signUp ?? {};
    return (await verifyPassword(passwordHash, password)) ? { user } : null;
  });
  if (!found) throw unauthenticated("The address or the password is wrong.");
  const { user } = found;
  if (!user) throw unproven();
  if (!(await findMember(user.id))?.active) throw inactive();
  await repository.deleteExpiredSessions(new Date());
  return user;
}

/**
 * While the password was verified, it may have been changed, or the account shut out, and all sessions ended. So it is
 * looked at again when the new session is there: either this look or that end comes later, and finds the other.
 */
export async function assertStillAllowed(
  user: Pick<repository.User, "id" | "passwordHash">,
  sessionId: string,
): Promise<void> {
  const [now, member] = await Promise.all([repository.findUser(user.id), findMember(user.id)]);
  if (now?.passwordHash === user.passwordHash && member?.active) return;
  await repository.deleteSession(sessionId);
  throw member?.active ? unauthenticated("The password has just been changed.") : inactive();
}

const unproven = () =>
  createError(403, "Confirm the address first.", { problem: "email-not-verified" });

const inactive = () =>
  createError(403, "This account has been deactivated.", { problem: "account-inactive" });
