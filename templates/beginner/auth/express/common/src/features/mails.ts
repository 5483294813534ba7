import { config } from "../config.ts";
import type { Mail } from "../mailer.ts";

/** The token stands behind `#`: browsers keep that part to themselves, so it is in no log and no Referer. */
const link = (page: string, token: string) => `${config.PUBLIC_URL}/${page}#token=${token}`;

export const verifyAddress = (to: string, token: string): Mail => ({
  to,
  subject: "Confirm your address",
  text: `Somebody, hopefully you, has signed up with this address. To confirm it, open

${link("verify-email", token)}

within ${config.VERIFY_TOKEN_HOURS} hours. If it was not you, do nothing.`,
});

export const haveAccount = (to: string): Mail => ({
  to,
  subject: "You have an account",
  text: `Somebody, hopefully you, wants to use this address for an account. It has one already.
If you have forgotten the password, ask for a new one. If it was not you, do nothing.`,
});

export const resetPassword = (to: string, token: string): Mail => ({
  to,
  subject: "Set a new password",
  text: `Somebody, hopefully you, has forgotten the password of your account. To set a new one, open

${link("reset-password", token)}

within ${config.RESET_TOKEN_MINUTES} minutes. If it was not you, do nothing.`,
});

export const confirmAddress = (to: string, token: string): Mail => ({
  to,
  subject: "Confirm your new address",
  text: `You want to use this address for your account. To confirm it, open

${link("confirm-email", token)}

within ${config.RESET_TOKEN_MINUTES} minutes. If it was not you, do nothing.`,
});

export const addressChanged = (to: string): Mail => ({
  to,
  subject: "Your account has a new address",
  text: `Your account is used with another address from now on, and no longer with this one.
If it was not you, tell us at once.`,
});
