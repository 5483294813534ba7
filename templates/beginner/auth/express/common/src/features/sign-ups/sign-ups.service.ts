import createError from "http-errors";
import { v7 as uuidv7 } from "uuid";
import { config } from "../../config.ts";
import { isConflict } from "../../db.ts";
import { inBackground, mailer } from "../../mailer.ts";
import { findUserByEmail, insertUser } from "../accounts/accounts.repository.ts";
import { foldCase, type SignUp } from "../accounts/accounts.schema.ts";
import { hashPassword } from "../accounts/passwords.ts";
import { recordEvent } from "../events/events.service.ts";
import * as mails from "../mails.ts";
import { hashToken, newToken } from "../recovery/mail-tokens.ts";
import * as repository from "./sign-ups.repository.ts";

const HOUR_MS = 3_600_000;

/** The link is not valid: used, expired, or never sent. Which of these, nobody learns. */
export const linkIsOver = () => createError(410, "This link is not valid, or no longer.");

const newProof = () => {
  const expiresAt = new Date(Date.now() + config.VERIFY_TOKEN_HOURS * HOUR_MS);
  return { ...newToken(), expiresAt };
};

/**
 * Who signs up learns from the mail alone whether the address has an account: the response is the same, and takes as
 * long, since the password is hashed in any case. There is no account before the address is proven. A newer sign-up
 * replaces an older one as a whole: the link in a mail makes the account with the password of that same sign-up, and
 * not with one that somebody else chose before.
 */
export async function requestAccount({ email, password, name }: SignUp): Promise<void> {
  const emailKey = foldCase(email);
  const passwordHash = await hashPassword(password);
  const user = await findUserByEmail(emailKey);
  if (user) return inBackground(() => mailer.send(mails.haveAccount(user.email)));
  const { token, ...proof } = newProof();
  await repository.upsert({ emailKey, email, name, passwordHash, ...proof });
  inBackground(() => mailer.send(mails.verifyAddress(email, token)));
}

export async function resendMail(address: string): Promise<void> {
  const emailKey = foldCase(address);
  const signUp = await repository.findByEmail(emailKey);
  inBackground(async () => {
    const { token, ...proof } = newProof();
    if (!signUp || !(await repository.renew(emailKey, proof))) return;
    await mailer.send(mails.verifyAddress(signUp.email, token));
  });
}

/** Taking the sign-up out is one step, so that of two uses of a link at the same moment one finds nothing. */
export async function verifyAddress(token: string, userAgent: string | null): Promise<void> {
  const signUp = await repository.take(hashToken(token));
  if (!signUp) throw linkIsOver();
  const { emailKey, email, name, passwordHash } = signUp;
  try {
    const user = await insertUser({ id: uuidv7(), emailKey, email, name, passwordHash });
    await recordEvent(user.id, "account-created", userAgent);
  } catch (error) {
    throw isConflict(error) ? linkIsOver() : error; // another account has moved to the address
  }
}
