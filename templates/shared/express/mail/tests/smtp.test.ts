import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { startSmtpServer } from "./support/smtp-server.ts";

const MAIL = { to: "ann@example.com", subject: "Hello", text: "A line of the mail" };

/** A process that sends a mail in the background and then shuts down: its exit code and what it wrote. */
async function sendMail(variables: Record<string, string>) {
  const script = `
    const { inBackground, mailer } = await import("./src/mailer.ts");
    const { shutDown } = await import("./src/lifecycle.ts");
    inBackground(() => mailer.send(${JSON.stringify(MAIL)}));
    await shutDown();
    process.exit(0);`;
  const env = { ...process.env, LOG_LEVEL: "info", ...variables };
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout, stderr: String(stderr) }),
  );
}

describe("a mail", () => {
  it("goes to the server that SMTP_URL names, from the address of MAIL_FROM", async () => {
    const { url, mails } = await startSmtpServer();
    const { stdout } = await sendMail({ SMTP_URL: url, MAIL_FROM: "app@app.test" });
    const [mail = ""] = mails;
    for (const part of ["To: ann@example.com", "From: app@app.test", "Subject: Hello", MAIL.text]) {
      assert(mail.includes(part), `${part} is missing in ${mail}`);
    }
    assert.doesNotMatch(stdout, /ann@example\.com|A line of the mail/);
  });

  it("that is on its way at a shutdown is sent first", async () => {
    const { url, mails } = await startSmtpServer({ delay: 500 });
    assert.equal((await sendMail({ SMTP_URL: url })).code, 0);
    assert.equal(mails.length, 1);
  });

  it("that cannot be sent is an error in the log, which does not name its reader", async () => {
    const { url } = await startSmtpServer({ refused: MAIL.to });
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => closed.on("listening", done));
    const address = closed.address();
    const port = typeof address === "object" ? address?.port : 0;
    closed.close();
    for (const [SMTP_URL, reason] of [
      [url, "EENVELOPE"],
      [`smtp://127.0.0.1:${port}`, "ESOCKET"],
    ] as const) {
      const { code, stdout } = await sendMail({ SMTP_URL });
      assert.equal(code, 0);
      const line = stdout
        .split("\n")
        .find((each: string) => each.includes("background job failed"));
      assert(line?.includes('"level":"error"'), stdout);
      assert(line.includes(`"code":"${reason}"`), line);
      assert.doesNotMatch(stdout, /ann@example\.com/);
    }
  });

  it("is read in the log where no mail server is set, but not in production", async () => {
    const { stdout } = await sendMail({ SMTP_URL: "" });
    assert.match(stdout, /ann@example\.com.*A line of the mail/);
    const refused = await sendMail({ SMTP_URL: "", APP_ENV: "production" });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^SMTP_URL: is required/m);
    assert.equal(refused.stdout, "");
  });
});
