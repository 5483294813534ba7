import createError from "http-errors";
import { v7 as uuidv7 } from "uuid";
import { unauthenticated } from "../auth/require-user.ts";
import { deleteUserData } from "../user-data.ts";
import * as repository from "./accounts.repository.ts";
import { foldCase, type LogIn, type PasswordChange, type SignUp } from "./accounts.schema.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { throttle } from "./throttle.ts";

export async function signUp({ email, password, name }: SignUp): Promise<repository.User> {
  const emailKey = foldCase(email);
  const passwordHash = await hashPassword(password);
  return repository.insertUser({ id: uuidv7(), email, emailKey, name, passwordHash });
}

/** The account of these credentials. A wrong address and a wrong password cannot be told apart, not by time either. */
export async function checkCredentials({ email, password }: LogIn, client: string) {
  const emailKey = foldCase(email);
  const user = await throttle(client, emailKey, async () => {
    const found = await repository.findUserByEmail(emailKey);
    return (await verifyPassword(found?.passwordHash, password)) ? found : null;
  });
  if (!user) throw unauthenticated("The address or the password is wrong.");
  await repository.deleteExpiredSessions(new Date());
  return user;
}

export async function getAccount(userId: string): Promise<repository.User> {
  const user = await repository.findUser(userId);
  if (!user) throw unauthenticated("The account is gone.");
  return user;
}

/** Of two changes at the same moment one wins: whoever knows only a password that is old by then has lost. */
export async function changePassword(userId: string, change: PasswordChange) {
  const before = await confirmPassword(userId, change.currentPassword);
  const passwordHash = await hashPassword(change.newPassword);
  const changed = await repository.updatePassword(userId, passwordHash, before.passwordHash);
  if (!changed) throw createError(409, "The password has just been changed.");
  return { id: userId, passwordHash };
}

/** The account goes last: if this stops half-way, the user is still there and can do it again. */
export async function deleteAccount(userId: string, password: string): Promise<void> {
  await confirmPassword(userId, password);
  await deleteUserData(userId);
  await repository.deleteUser(userId);
}

/** Not throttled: a signed-in user's mistakes must not use up the attempts to log in. */
export async function confirmPassword(userId: string, password: string) {
  const user = await getAccount(userId);
  if (await verifyPassword(user.passwordHash, password)) return user;
  throw createError(403, "The current password is wrong.", { problem: "wrong-password" });
}
