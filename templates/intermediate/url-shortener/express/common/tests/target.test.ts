import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { targetError } from "../src/features/links/target.ts";

const problem = (url: string, publicUrl = "https://short.test:8443") => targetError(url, publicUrl);

describe("a target", () => {
  const accepted = [
    "http://example.com",
    "HTTPS://Example.COM:8443/a?b=c#d",
    "https://example.com/ünï/\u{1f600}",
    "https://münchen.example/",
    "http://[2001:db8::1]/",
    "https://notshort.test/",
    "https://short.test.evil.example/",
    `https://example.com/${"é".repeat(2_048 - 20)}`,
  ];
  for (const url of accepted) {
    it(`may be ${url.slice(0, 60)}`, () => assert.equal(problem(url), undefined));
  }

  const refused = [
    "",
    "example.com",
    "//example.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:example.com",
    "https:///example.com",
    "http://",
    "http://?x",
    "http://example.com:99999/",
    "http://exa mple.com/",
    "http://user:pass@example.com/",
    "http://short.test@evil.example/",
    "http://example.com\\@evil.example/",
    "http://example.com/\nSet-Cookie: a=b",
    " http://example.com",
    "http://example.com/\u0000",
    "http://example.com/\u0085",
    "http://example.com/\u2003",
    `https://example.com/${"é".repeat(2_048 - 19)}`,
  ];
  for (const url of refused) {
    it(`may not be ${JSON.stringify(url).slice(0, 60)}`, () => assert(problem(url)));
  }

  it("may not be this service, however its name is written", () => {
    const here = [
      "https://short.test/x",
      "http://SHORT.test.:1/",
      "https://%73hort.test/",
      "https://ｓｈｏｒｔ.test",
    ];
    for (const url of here) assert(problem(url), url);
    const loopback = [
      "http://127.1/",
      "http://0x7f000001/",
      "http://2130706433",
      "http://0177.0.0.1:5",
    ];
    for (const url of loopback) assert(problem(url, "http://127.0.0.1:3000"), url);
    assert(problem("http://straße.example/x", "https://xn--strae-oqa.example"));
  });
});
