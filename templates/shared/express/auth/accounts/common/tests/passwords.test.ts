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
      assert.equal(await verifyPassword(hash, "guess"), false);
      return performance.now() - begun;
    };
    // Other work can only make a run longer, so the shortest of several tells what the hash takes. In turns, so that
    // a busy moment meets both.
    const unknown: number[] = [];
    const known: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      unknown.push(await time(undefined));
      known.push(await time(stored));
    }
    const ratio = Math.min(...unknown) / Math.min(...known);
    assert(ratio > 0.2 && ratio < 5, `ratio ${ratio}`); // without a hash it would be below 0.01
  });

  it("that everybody uses are known in any case", () => {
    assert(isCommonPassword("QWERTYUIOP"));
    assert(!isCommonPassword("a quiet green harbour"));
  });
});
