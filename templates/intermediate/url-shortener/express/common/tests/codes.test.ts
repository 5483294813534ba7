import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CODE, isReserved, randomCode } from "../src/features/links/codes.ts";

describe("codes", () => {
  it("that are made have seven characters, all of the 62 equally often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i += 1) {
      const code = randomCode();
      assert.match(code, /^[0-9A-Za-z]{7}$/);
      for (const character of code) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    assert.equal(counts.size, 62);
    const expected = 70_000 / 62;
    for (const count of counts.values()) assert(Math.abs(count - expected) < expected * 0.2);
  });

  it("that are chosen have 3 to 32 letters, digits, - or _", () => {
    for (const code of ["abc", "A-b_9", "x".repeat(32)]) assert.match(code, CODE);
    for (const code of ["ab", "x".repeat(33), "a b", "a.b", "é99", "abc\n", ""]) {
      assert.doesNotMatch(code, CODE);
    }
  });

  it("that are paths of the service are reserved in any case", () => {
    for (const code of ["health", "Admin", "API"]) assert(isReserved(code));
    assert(!isReserved("healthy"));
  });
});
