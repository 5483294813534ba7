import assert from "node:assert/strict";
import { finishJobs, type Mail, mailer } from "../../src/mailer.ts";

const sent: Mail[] = [];

mailer.send = async (mail) => {
  sent.push(mail);
};

/** The mails to an address so far, oldest first; those that are under way are waited for. */
export async function mailsTo(address: string): Promise<Mail[]> {
  await finishJobs();
  return sent.filter(({ to }) => to.toLowerCase() === address.toLowerCase());
}

/** The token of the last mail to an address. */
export async function tokenFor(address: string): Promise<string> {
  const token = tokenOf((await mailsTo(address)).at(-1));
  assert(token, `no link in the last mail to ${address}`);
  return token;
}

/** The token of a mail's link, if it has one. */
export function tokenOf(mail: Mail | undefined): string | undefined {
  return /#token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
}
