import createError from "http-errors";
import { config } from "../../config.ts";
import { inBackground, mailer } from "../../mailer.ts";
import { findUser, findUserByEmail, updatePassword } from "../accounts/accounts.repository.ts";
import { foldCase } from "../accounts/accounts.schema.ts";
import { confirmPassword } from "../accounts/accounts.service.ts";
import { hashPassword } from "../accounts/passwords.ts";
import { recordEvent } from "../events/events.service.ts";
import * as mails from "../mails.ts";
import { linkIsOver } from "../sign-ups/sign-ups.service.ts";
import { endAllSessions } from "../users/users.service.ts";
import * as repository from "./mail-tokens.repository.ts";
import { hashToken, newToken } from "./mail-tokens.ts";

const MINUTE_MS = 60_000;

async function issueToken(userId: string, kind: repository.Kind, newEmail: string | null) {
  const { token, tokenHash } = newToken();
  const expiresAt = new Date(Date.now() + config.RESET_TOKEN_MINUTES * MINUTE_MS);
  await repository.insert({ tokenHash, userId, kind, newEmail, expiresAt });
  return token;
}

/** All that only an address with an account needs is done after the response: its time tells nothing. */
export async function forgotPassword(email: string): Promise<void> {
  const user = await findUserByEmail(foldCase(email));
  inBackground(async () => {
    if (!user) return;
    await mailer.send(mails.resetPassword(user.email, await issueToken(user.id, "reset", null)));
  });
}

export async function resetPassword(token: string, password: string, userAgent: string | null) {
  const taken = await repository.take("reset", hashToken(token));
  if (!taken) throw linkIsOver();
  const { userId } = taken;
  await updatePassword(userId, await hashPassword(password));
  await repository.deleteTokens(userId);
  await endAllSessions(userId);
  await recordEvent(userId, "password-reset", userAgent);
}

/** A taken address gets a mail, too, so that nobody can list who has an account. */
export async function requestAddress(userId: string, newEmail: string, password: string) {
  const { passwordHash } = await confirmPassword(userId, password);
  const owner = await findUserByEmail(foldCase(newEmail));
  await repository.deleteTokens(userId, "email");
  const token = await issueToken(userId, "email", newEmail);
  // A reset ends all links, but one that is stored a moment later would survive it: so look again now.
  if ((await findUser(userId))?.passwordHash !== passwordHash) {
    await repository.deleteTokens(userId);
    throw createError(409, "The password has just been changed.");
  }
  const mail = owner ? mails.haveAccount(owner.email) : mails.confirmAddress(newEmail, token);
  inBackground(() => mailer.send(mail));
}

/** Links that went to the old address end: whoever reads that mailbox has no more to do with the account. */
export async function confirmAddress(token: string, userAgent: string | null): Promise<void> {
  const taken = await repository.take("email", hashToken(token));
  const user = taken && (await findUser(taken.userId));
  if (!taken?.newEmail || !user) throw linkIsOver();
  const oldEmail = user.email;
  await repository.updateEmail(user.id, taken.newEmail, foldCase(taken.newEmail));
  await repository.deleteTokens(user.id);
  await recordEvent(user.id, "email-changed", userAgent);
  inBackground(() => mailer.send(mails.addressChanged(oldEmail)));
}
