import { setImmediate as afterwards, setTimeout as wait } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { config } from "./config.ts";
import "./db.ts"; // registers its shutdown first, and so closes after the last job
import { onShutdown } from "./lifecycle.ts";
import { log } from "./logger.ts";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  send(mail: Mail): Promise<unknown>;
}

const SECOND_MS = 1_000;

export const mailer: Mailer = config.SMTP_URL ? smtp(config.SMTP_URL) : { send: print };

if (config.APP_ENV === "production" && !config.SMTP_URL) {
  // Mails hold keys, and would go into the log.
  process.stderr.write("SMTP_URL: is required in production\n");
  process.exit(1);
}

function smtp(url: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    connectionTimeout: 5 * SECOND_MS,
    greetingTimeout: 5 * SECOND_MS,
    socketTimeout: 10 * SECOND_MS,
  });
  return {
    send: (mail) =>
      transport.sendMail({ from: config.MAIL_FROM, ...mail, to: { name: "", address: mail.to } }),
  };
}

/** Without a mail server, in development, the mail is read in the terminal. */
async function print(mail: Mail): Promise<void> {
  log.info(mail, "mail");
}

const jobs = new Set<Promise<void>>();

/** Does something after the response, such as sending a mail. What is under way at a shutdown is finished. */
export function inBackground(job: () => Promise<unknown>): void {
  const running = run(job).finally(() => jobs.delete(running));
  jobs.add(running);
}

async function run(job: () => Promise<unknown>): Promise<void> {
  try {
    await afterwards();
    await job();
  } catch (error) {
    // Neither message nor stack: a mail server repeats the address in its errors.
    const { code, name } = error as NodeJS.ErrnoException;
    log.error({ code, name }, "background job failed");
  }
}

/** Waits until all is done; of a mail server that hangs, for some seconds. */
export async function finishJobs(): Promise<void> {
  const done = Promise.all(jobs);
  await Promise.race([done, wait(5 * SECOND_MS, undefined, { ref: false })]);
}
onShutdown(finishJobs);
