import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";

type Line = Record<string, unknown>;

/** The server as it runs in production: a process of its own. */
async function startServer(environment: Record<string, string> = {}, cwd = ".") {
  const child = spawn(process.execPath, ["src/server.ts"], {
    cwd,
    env: { ...process.env, LOG_LEVEL: "info", PORT: "0", ...environment },
  });
  const lines: Line[] = [];
  const exited = once(child, "exit");
  const errors = text(child.stderr);
  const { promise: listening, resolve: setPort } = Promise.withResolvers<number>();
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = JSON.parse(part) as Line;
      lines.push(line);
      if (line["message"] === "listening") setPort((line["address"] as { port: number }).port);
    }
  });
  const port = await Promise.race([listening, exited.then(() => 0)]);
  return { child, lines, port, exited, errors };
}

describe("the process", () => {
  it("refuses to start with a bad environment, and says why", async () => {
    const server = await startServer({ DATABASE_URL: "", RATE_LIMIT: "lots" });
    assert.equal((await server.exited)[0], 1);
    const lines = (await server.errors).trim().split("\n");
    const names = lines.map((line) => line.split(":")[0]);
    assert.deepEqual(names.sort(), ["DATABASE_URL", "RATE_LIMIT"]);
  });

  it("says in its log why it could not start", async () => {
    const first = await startServer();
    const second = await startServer({ PORT: String(first.port) });
    assert.equal((await second.exited)[0], 1);
    const last = second.lines.at(-1);
    assert.equal(last?.["level"], "fatal");
    assert.equal((last["err"] as { type: string }).type, "Error");
    first.child.kill("SIGTERM");
    await first.exited;
  });

  it("logs one JSON line a request, and no query string", async () => {
    const { child, lines, port, exited } = await startServer();
    const headers = { "X-Request-Id": "mine" };
    await (await fetch(`http://127.0.0.1:${port}/health?token=secret`, { headers })).text();
    child.kill("SIGTERM");
    await exited;
    const [line, ...more] = lines.filter(({ requestId }) => requestId === "mine");
    assert.equal(more.length, 0);
    assert.equal(line?.["method"], "GET");
    assert.equal(line["path"], "/health");
    assert.equal(line["status"], 200);
    assert.equal(typeof line["durationMs"], "number");
    assert.match(String(line["time"]), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.doesNotMatch(JSON.stringify(lines), /secret/);
  });

  it("ends at SIGTERM with 0, soon, although a client keeps its connection", async () => {
    const { child, port, exited } = await startServer();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((done) => {
      get({ port, host: "127.0.0.1", path: "/health", agent }, (response) => {
        response.resume().on("end", done);
      });
    });
    const begun = Date.now();
    child.kill("SIGTERM");
    assert.equal((await exited)[0], 0);
    assert(Date.now() - begun < 7_000); // after eight seconds it is cut off
    agent.destroy();
  });

  it("answers what is not HTTP, and too large headers, with 4xx, and goes on", async () => {
    const { child, port, exited } = await startServer();
    const raw = (sent: string) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(sent));
      return text(socket);
    };
    assert.match(await raw("NOT / HTTP\r\n\r\n"), /^HTTP\/1\.1 400 /);
    const large = `GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(66_000)}\r\n\r\n`;
    assert.match(await raw(large).catch(() => "HTTP/1.1 431 closed"), /^HTTP\/1\.1 431 /);
    assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
    child.kill("SIGTERM");
    await exited;
  });

  it("runs and migrates in a folder of any name", async () => {
    const parent = mkdtempSync(join(tmpdir(), "app-"));
    const folder = join(parent, "a#b %41 ü");
    for (const name of ["src", "migrations", "public", "package.json"]) {
      cpSync(name, join(folder, name), { recursive: true });
    }
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    const options = { cwd: folder, encoding: "utf8" } as const;
    const migrated = spawnSync(process.execPath, ["src/migrate.ts"], options);
    assert.equal(migrated.status, 0, migrated.stderr);
    const { child, port, exited } = await startServer({}, folder);
    assert.equal((await fetch(`http://127.0.0.1:${port}/docs`)).status, 200);
    child.kill("SIGTERM");
    assert.equal((await exited)[0], 0);
    rmSync(parent, { recursive: true });
  });
});
