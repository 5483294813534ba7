import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { before, describe, it } from "node:test";
import { eventually, type SendOptions, startApp, type TestApp } from "./support/app.ts";
import { probe } from "./support/probe.ts";
import { csrfHeaders } from "./support/sign-in.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

describe("a JSON body", () => {
  let app: TestApp;
  let csrf: Record<string, string>;

  before(async () => {
    app = await startApp({ MAX_BODY_BYTES: "2000" }, [probe]);
    csrf = await csrfHeaders(app);
  });

  async function patch(options: SendOptions, path = "/probe/bodies") {
    const headers = { ...csrf, ...options.headers };
    const answer = await app.send("PATCH", path, { ...options, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it("reaches the handler as it was sent", async () => {
    const json = { name: "  ünï\u{1f600}  ", tags: [] };
    assert.deepEqual(await patch({ json }), { status: 200, body: json });
  });

  it("may call itself UTF-8, or a merge patch", async () => {
    for (const type of ["Application/JSON; charset=UTF-8", "application/merge-patch+json"]) {
      const answer = await patch({ body: '{"name":"x"}', headers: { "Content-Type": type } });
      assert.equal(answer.status, 200, type);
    }
  });

  const malformed: Record<string, string | Uint8Array<ArrayBuffer>> = {
    "is cut off": '{"name":',
    "is not UTF-8": new Uint8Array([0x22, 0xff, 0x22]),
    "holds NaN": '{"name":NaN}',
    "holds a number beyond all numbers": '{"name":1e999}',
    "holds a NUL in a value": '{"name":"\\u0000"}',
    "holds a NUL in a key": '{"na\\u0000me":1}',
    "nests deeper than 100": "[".repeat(101) + "]".repeat(101),
  };
  for (const [how, body] of Object.entries(malformed)) {
    it(`is refused with 400 when it ${how}`, async () => {
      assert.equal((await patch({ body, headers: JSON_TYPE })).status, 400);
    });
  }

  it("is required: nothing is 400, whatever its type", async () => {
    assert.equal((await patch({ body: "", headers: JSON_TYPE })).status, 400);
    assert.equal((await patch({})).status, 400);
  });

  it("of another type is 415", async () => {
    for (const type of [
      "text/plain",
      "application/json; charset=latin1",
      "application/problem+json",
    ]) {
      assert.equal(
        (await patch({ body: "{}", headers: { "Content-Type": type } })).status,
        415,
        type,
      );
    }
    const compressed = { ...JSON_TYPE, "Content-Encoding": "gzip" };
    assert.equal((await patch({ body: "{}", headers: compressed })).status, 415);
  });

  it("that is too large is 413", async () => {
    assert.equal((await patch({ json: { name: "x".repeat(2_000) } })).status, 413);
  });

  it("that is too large and comes in chunks is 413, and its connection serves on", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { ...csrf, ...JSON_TYPE };
    const statuses = [];
    for (const length of [5_000_000, 5]) {
      const sent = request(`${app.url}/probe/bodies`, { method: "PATCH", agent, headers });
      sent.write('{"name":"');
      sent.end(`${"x".repeat(length)}"}`);
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      statuses.push(answer.resume().statusCode);
      await once(answer, "end");
    }
    agent.destroy();
    assert.deepEqual(statuses, [413, 200]);
  });

  it("that breaks off is one line in the log, and no failure of ours", async (t) => {
    const lines = t.mock.method(app.context.log, "info");
    const failures = t.mock.method(app.context.log, "error");
    const headers = { ...csrf, ...JSON_TYPE, "Content-Length": 100, Expect: "100-continue" };
    const sent = request(`${app.url}/probe/bodies`, { method: "PATCH", headers });
    sent.on("error", () => undefined).flushHeaders();
    await once(sent, "continue");
    sent.write('{"name":');
    sent.destroy();
    await eventually(() => assert.equal(lines.mock.callCount(), 1));
    assert.equal(failures.mock.callCount(), 0);
  });

  const invalid: [json: unknown, field: string][] = [
    [[], ""],
    ["text", ""],
    [null, ""],
    [{}, "name"],
    [{ name: 1 }, "name"],
    [{ name: "x", tags: ["a", true] }, "tags.1"],
    [{ name: "x", role: "admin" }, "role"],
    [{ name: "\ud800" }, "name"],
  ];
  for (const [json, field] of invalid) {
    it(`such as ${JSON.stringify(json)} is 422 and names "${field}"`, async () => {
      const { status, body } = await patch({ json });
      assert.equal(status, 422);
      const errors = body["errors"] as { field: string; message: string }[];
      assert.equal(errors[0]?.field, field);
    });
  }

  it("and a query are checked together, and a repeated parameter is refused", async () => {
    const { body } = await patch({ json: {} }, "/probe/bodies?size=large");
    const fields = (body["errors"] as { field: string }[]).map(({ field }) => field);
    assert.deepEqual(fields.sort(), ["name", "size"]);
    assert.equal((await patch({ json: { name: "x" } }, "/probe/bodies?size=1&size=2")).status, 422);
  });
});
