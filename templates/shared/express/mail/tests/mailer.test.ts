import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { environment } from "../src/config.ts";
import { finishJobs, inBackground } from "../src/mailer.ts";

describe("background jobs", () => {
  it("hold up no response, but are finished at a shutdown", async () => {
    let done = false;
    inBackground(async () => {
      await wait(20);
      done = true;
    });
    assert.equal(done, false);
    await finishJobs();
    assert.equal(done, true);
  });

  it("may fail, and the process goes on", async () => {
    inBackground(() => Promise.reject(new Error("the mail server is away")));
    await finishJobs();
  });
});

describe("SMTP_URL", () => {
  const { SMTP_URL } = environment(false).shape;
  const check = (url: string | undefined) => SMTP_URL.safeParse(url).success;

  it("may be empty, or name a mail server", () => {
    assert.equal(check(undefined), true);
    assert.equal(check("smtp://user:password@mail.example:587"), true);
  });

  for (const url of ["nonsense", "http://127.0.0.1", "smtp://", "smtp://host:port"]) {
    it(`cannot be ${url}`, () => assert.equal(check(url), false));
  }
});
