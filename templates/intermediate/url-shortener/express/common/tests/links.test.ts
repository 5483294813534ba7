import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { signIn } from "./support/sign-in.ts";

interface Link {
  id: string;
  code: string;
  shortUrl: string;
  url: string;
  enabled: boolean;
  expiresAt: string | null;
  clicks: number;
  createdAt: string;
  updatedAt: string;
}

const URL_1 = "https://example.com/one?a=b#c";

describe("links", () => {
  let app: TestApp;
  let ann: Record<string, string>;

  before(async () => {
    app = await startApp();
    ann = await signIn(app, "ann");
  });

  const post = (json: unknown) => app.send("POST", "/api/v1/links", { json, headers: ann });
  const create = async (json: object = {}) =>
    (await (await post({ url: URL_1, ...json })).json()) as Link;
  const path = ({ id }: Link) => `/api/v1/links/${id}`;
  const get = (link: Link, headers = {}) =>
    app.send("GET", path(link), { headers: { ...ann, ...headers } });
  const patch = (link: Link, json: unknown, headers = {}) =>
    app.send("PATCH", path(link), { json, headers: { ...ann, ...headers } });
  const remove = (link: Link, headers = {}) =>
    app.send("DELETE", path(link), { headers: { ...ann, ...headers } });
  const list = async (query: string) => {
    const response = await app.send("GET", `/api/v1/links?${query}`, { headers: ann });
    assert.equal(response.status, 200, query);
    return (await response.json()) as { items: Link[]; nextCursor: string | null };
  };

  describe("when created", () => {
    it("are returned whole, with their place", async () => {
      const response = await post({ url: URL_1 });
      assert.equal(response.status, 201);
      const link = (await response.json()) as Link;
      assert.equal(response.headers.get("location"), path(link));
      assert.match(link.code, /^[0-9A-Za-z]{7}$/);
      assert.equal(link.shortUrl, `https://app.test/${link.code}`);
      const { url, enabled, expiresAt, clicks } = link;
      const expected = { url: URL_1, enabled: true, expiresAt: null, clicks: 0 };
      assert.deepEqual({ url, enabled, expiresAt, clicks }, expected);
      assert.match(link.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it("may choose a code that nobody has in any case", async () => {
      assert.equal((await post({ url: URL_1, code: "My-Code_1" })).status, 201);
      for (const code of ["My-Code_1", "MY-CODE_1"]) {
        assert.equal((await post({ url: URL_1, code })).status, 409);
      }
    });

    it("give one code to exactly one of a hundred that want it", async () => {
      const wanted = Array.from({ length: 100 }, (_, i) => (i % 2 ? "the-one" : "THE-ONE"));
      const responses = await Promise.all(wanted.map((code) => post({ url: URL_1, code })));
      const statuses = responses.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 201).length, 1);
      assert.equal(statuses.filter((status) => status === 409).length, 99);
    });

    it("understand any offset of an end in the future", async () => {
      const { expiresAt } = await create({ expiresAt: "2999-12-31T23:59:59.123456+02:00" });
      assert.equal(expiresAt, "2999-12-31T21:59:59.123Z");
    });

    const invalid: [json: object, field: string][] = [
      [{ url: undefined }, "url"],
      [{ url: "javascript:alert(1)" }, "url"],
      [{ url: "https://app.test/x" }, "url"],
      [{ url: ["https://example.com"] }, "url"],
      [{ code: "ab" }, "code"],
      [{ code: "Health" }, "code"],
      [{ code: null }, "code"],
      [{ expiresAt: "2001-01-01T00:00:00Z" }, "expiresAt"],
      [{ expiresAt: "2999-02-30T00:00:00Z" }, "expiresAt"],
      [{ expiresAt: "2999-01-01" }, "expiresAt"],
      [{ expiresAt: "9999-12-31T23:59:59-01:00" }, "expiresAt"],
      [{ expiresAt: "2999-01-01T00:00:00" }, "expiresAt"],
      [{ expiresAt: 32_503_680_000 }, "expiresAt"],
      [{ ownerId: "somebody" }, "ownerId"],
      [{ clicks: 7 }, "clicks"],
    ];
    for (const [json, field] of invalid) {
      it(`are refused with ${JSON.stringify(json)}`, async () => {
        const response = await post({ url: URL_1, ...json });
        assert.equal(response.status, 422);
        const { errors } = (await response.json()) as { errors: { field: string }[] };
        assert.deepEqual(
          errors.map((error) => error.field),
          [field],
        );
      });
    }
  });

  describe("when changed", () => {
    it("take what is given and keep the rest", async () => {
      const link = await create({ expiresAt: "2999-01-01T00:00:00Z" });
      const changed = (await (await patch(link, { enabled: false })).json()) as Link;
      const { updatedAt } = changed;
      assert.deepEqual(changed, { ...link, enabled: false, updatedAt });
      const cleared = (await (await patch(link, { expiresAt: null })).json()) as Link;
      assert.equal(cleared.expiresAt, null);
      assert.equal(cleared.enabled, false);
    });

    it("do not change by an empty patch", async () => {
      const link = await create();
      const tag = (await get(link)).headers.get("etag");
      const response = await patch(link, {});
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("etag"), tag);
    });

    for (const json of [{ url: null }, { enabled: null }, { enabled: "true" }, { code: "other" }]) {
      it(`are refused with ${JSON.stringify(json)}`, async () => {
        assert.equal((await patch(await create(), json)).status, 422);
      });
    }

    it("tell an old state from a new one by the ETag", async () => {
      const link = await create();
      const tag = (await get(link)).headers.get("etag") ?? "";
      const response = await patch(link, { enabled: false }, { "If-Match": `"x", ${tag}` });
      assert.equal(response.status, 200);
      assert.notEqual(response.headers.get("etag"), tag);
      assert.equal((await patch(link, { enabled: true }, { "If-Match": tag })).status, 412);
      assert.equal((await patch(link, {}, { "If-Match": tag })).status, 412);
      assert.equal((await remove(link, { "If-Match": tag })).status, 412);
      assert.equal((await patch(link, { enabled: true }, { "If-Match": "*" })).status, 200);
    });

    it("let one of ten edits of the same version win", async () => {
      const link = await create();
      const tag = (await get(link)).headers.get("etag") ?? "";
      const edits = Array.from({ length: 10 }, (_, i) =>
        patch(link, { url: `https://example.com/${i}` }, { "If-Match": tag }),
      );
      const statuses = (await Promise.all(edits)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [200, ...Array<number>(9).fill(412)]);
    });
  });

  it("when deleted are gone, but their code stays taken", async () => {
    const link = await create({ code: "for-good" });
    assert.equal((await remove(link)).status, 204);
    assert.equal((await get(link)).status, 404);
    assert.equal((await patch(link, { enabled: true })).status, 404);
    assert.equal((await remove(link)).status, 404);
    assert.equal((await post({ url: URL_1, code: "For-Good" })).status, 409);
    assert.deepEqual((await list("q=for-good")).items, []);
  });

  it("that do not exist, or cannot, are 404", async () => {
    for (const id of [crypto.randomUUID(), "1", "..%2f", "null"]) {
      const response = await app.send("GET", `/api/v1/links/${id}`, { headers: ann });
      assert.equal(response.status, 404, id);
    }
  });

  describe("in a list", () => {
    it("come newest first, a page at a time, each once", async () => {
      const made = [];
      for (let i = 0; i < 5; i += 1) made.unshift((await create({ code: `page-${i}` })).code);
      const seen: string[] = [];
      let cursor = "";
      for (let page = 0; page < 3; page += 1) {
        const { items, nextCursor } = await list(`q=page-&limit=2${cursor && `&cursor=${cursor}`}`);
        seen.push(...items.map(({ code }) => code));
        cursor = nextCursor ?? "";
        if (page === 0) await create({ code: "page-late" }); // moves no page
      }
      assert.deepEqual(seen, made);
      assert.equal(cursor, "");
    });

    it("are found by a part of code or URL, in any case, taken literally", async () => {
      const link = await create({ code: "Needle_1", url: "https://example.com/100%25(.*)+Äж" });
      for (const q of ["needle_", "EEDLE", "100%25(.*)+", "example.com/100", "+äЖ"]) {
        const { items } = await list(`q=${encodeURIComponent(q)}`);
        assert.deepEqual(
          items.map(({ id }) => id),
          [link.id],
          q,
        );
      }
      for (const q of ["needle%1", "need.e", "%", "'; DROP TABLE links; --"]) {
        const { items } = await list(`q=${encodeURIComponent(q)}&limit=100`);
        assert(!items.some(({ code }) => code === "Needle_1") || q === "%", q);
      }
    });

    for (const query of [
      "limit=0",
      "limit=101",
      "limit=1e1",
      "limit=+5",
      "cursor=x",
      "cursor=",
      "q=%00",
    ]) {
      it(`refuse ?${query}`, async () => {
        const response = await app.send("GET", `/api/v1/links?${query}`, { headers: ann });
        assert.equal(response.status, 422);
      });
    }

    it("ignore parameters that they do not know", async () => {
      assert((await list("q[$ne]=x&colour=red&limit=1")).items.length > 0);
    });
  });

  it("are drawn as a QR code", async () => {
    const response = await app.send("GET", `${path(await create())}/qr.svg`, { headers: ann });
    assert.match(response.headers.get("content-type") ?? "", /^image\/svg\+xml/);
    assert.match(await response.text(), /^<svg .*<\/svg>\s*$/s);
  });
});
