import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { before, describe, it } from "node:test";
import express from "express";
import { z } from "zod";
import { json } from "../src/http/body.ts";
import { errorHandler } from "../src/http/errors.ts";
import { requestLog } from "../src/http/request-log.ts";
import { validate } from "../src/http/validate.ts";
import { log } from "../src/logger.ts";
import { eventually, listen, type SendOptions, type TestApp } from "./support/app.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const Body = z.strictObject({ name: z.string(), tags: z.array(z.string()).optional() });
const Query = z.object({ size: z.string().regex(/^\d$/).optional() });
const Params = z.object({ id: z.uuid() });

describe("a JSON body", () => {
  let app: TestApp;

  before(async () => {
    const routes = express();
    routes.use(requestLog);
    routes.patch("/bodies", json, validate({ body: Body, query: Query }), (req, res) => {
      res.json({ ...req.body, ...req.query });
    });
    routes.get("/items/:id", validate({ params: Params }), (req, res) => void res.json(req.params));
    routes.use(errorHandler);
    app = await listen(routes);
  });

  async function patch(options: SendOptions, path = "/bodies") {
    const response = await app.send("PATCH", path, options);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it("reaches the handler as it was sent", async () => {
    const sent = { name: "  ünï\u{1f600}  ", tags: [] };
    assert.deepEqual(await patch({ json: sent }), { status: 200, body: sent });
  });

  it("may call itself UTF-8, or a merge patch", async () => {
    for (const type of ["Application/JSON; charset=UTF-8", "application/merge-patch+json"]) {
      const response = await patch({ body: '{"name":"x"}', headers: { "Content-Type": type } });
      assert.equal(response.status, 200, type);
    }
  });

  const malformed: Record<string, string | Uint8Array<ArrayBuffer>> = {
    "is cut off": '{"name":',
    "is not UTF-8": new Uint8Array([0x22, 0xff, 0x22]),
    "holds NaN": '{"name":NaN}',
    "holds a NUL in a value": '{"name":"\\u0000"}',
    "holds a NUL in a key": '{"na\\u0000me":1}',
    "holds half a surrogate pair": '{"name":"\\ud800"}',
  };
  for (const [how, body] of Object.entries(malformed)) {
    it(`is refused with 400 when it ${how}`, async () => {
      assert.equal((await patch({ body, headers: JSON_TYPE })).status, 400);
    });
  }

  it("with too large a number or too many levels is refused, and the server goes on", async () => {
    for (const value of ["1e999", "[".repeat(900) + "]".repeat(900)]) {
      const { status } = await patch({ body: `{"name":${value}}`, headers: JSON_TYPE });
      assert([400, 422].includes(status), value.slice(0, 10));
    }
    assert.equal((await patch({ json: { name: "x" } })).status, 200);
  });

  it("is required: nothing is 400, whatever its type", async () => {
    assert.equal((await patch({ body: "", headers: JSON_TYPE })).status, 400);
    assert.equal((await patch({})).status, 400);
  });

  it("of another type is 415", async () => {
    for (const type of ["text/plain", "application/problem+json", "application"]) {
      const headers = { "Content-Type": type };
      assert.equal((await patch({ body: "{}", headers })).status, 415, type);
    }
    const compressed = { ...JSON_TYPE, "Content-Encoding": "gzip" };
    assert.equal((await patch({ body: "{}", headers: compressed })).status, 415);
  });

  it("that is too large is 413", async () => {
    assert.equal((await patch({ json: { name: "x".repeat(2_000) } })).status, 413);
  });

  it("that is too large and comes in chunks is 413, and its connection serves on", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statuses = [];
    for (const length of [5_000_000, 5]) {
      const options = { method: "PATCH", agent, headers: JSON_TYPE };
      const sent = request(`${app.url}/bodies`, options);
      sent.write('{"name":"');
      sent.end(`${"x".repeat(length)}"}`);
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      statuses.push(response.resume().statusCode);
      await once(response, "end");
    }
    agent.destroy();
    assert.deepEqual(statuses, [413, 200]);
  });

  it("that breaks off is one line in the log, and no failure of ours", async (t) => {
    const lines = t.mock.method(log, "info");
    const failures = t.mock.method(log, "error");
    const headers = { ...JSON_TYPE, "Content-Length": 100, Expect: "100-continue" };
    const sent = request(`${app.url}/bodies`, { method: "PATCH", headers });
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
    [{ name: { $gt: "" } }, "name"],
    [{ name: "x", tags: ["a", true] }, "tags.1"],
    [{ name: "x", role: "admin" }, "role"],
  ];
  for (const [sent, field] of invalid) {
    it(`such as ${JSON.stringify(sent)} is 422 and names "${field}"`, async () => {
      const { status, body } = await patch({ json: sent });
      assert.equal(status, 422);
      const errors = body["errors"] as { field: string; message: string }[];
      assert.equal(errors[0]?.field, field);
    });
  }

  it("and a query are checked together, and a repeated parameter is refused", async () => {
    const { body } = await patch({ json: {} }, "/bodies?size=large");
    const fields = (body["errors"] as { field: string }[]).map(({ field }) => field);
    assert.deepEqual(fields.sort(), ["name", "size"]);
    assert.equal((await patch({ json: { name: "x" } }, "/bodies?size=1&size=2")).status, 422);
    const { body: good } = await patch({ json: { name: "x" } }, "/bodies?size=1&unknown=2");
    assert.deepEqual(good, { name: "x", size: "1" });
  });

  it("is 404 for a malformed id", async () => {
    for (const id of ["1", "..%2f", "null", "%ff"]) {
      assert.equal((await app.send("GET", `/items/${id}`)).status, 404, id);
    }
    assert.equal((await app.send("GET", `/items/${crypto.randomUUID()}`)).status, 200);
  });
});
