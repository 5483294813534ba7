import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  hashPassword,
  isCommonPassword,
  verifyPassword,
} from "../src/features/accounts/passwords.ts";

describe("passwords", () => {
  it("are kept as Argon2id with a salt of their own", async () => {
    const [one, two] = await Promise.all([hashPassword("same"), hashPassword("same")]);
    assert.match(one, /^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$/);
    assert.notEqual(one, two);
    assert.equal(await verifyPassword(one, "same"), true);
    assert.equal(await verifyPassword(one, "Same"), false);
  });

  it("without a stored hash are never right, and take as long to be wrong", async () => {
    const stored = await hashPassword("known");
    await verifyPassword(undefined, "warm up");
    const time = async (hash: string | undefined) => {
      const begun = performance.now();
      for (let i = 0; i < 5; i += 1) assert.equal(await verifyPassword(hash, "guess"), false);
      return performance.now() - begun;
    };
    const ratio = (await time(undefined)) / (await time(stored));
    assert(ratio > 0.3 && ratio < 3, `ratio ${ratio}`);
  });

  it("that everybody uses are known in any case", () => {
    assert(isCommonPassword("QWERTYUIOP"));
    assert(!isCommonPassword("a quiet green harbour"));
  });
});
