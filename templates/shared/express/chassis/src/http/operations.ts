import { z } from "zod";
import type { Context } from "../context.ts";
import { within } from "../deadline.ts";
import { notFound, Problem } from "../errors.ts";
import { docsPage, docsStyle } from "./docs.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { describe } from "./openapi.ts";

const PROBE_MS = 1_000;

/** What those who run the service ask, and its documentation. */
export function operations(context: Context, endpoints: Endpoint[]): Endpoint[] {
  const tag = "operations";
  const access = "public";
  const { cache, config, db } = context;

  const health = endpoint({
    method: "get",
    path: "/health",
    summary: "Whether the process lives",
    tag,
    access,
    answers: { 200: { description: "It does", schema: z.object({ status: z.literal("ok") }) } },
    handle: (_input, _req, res) => void res.json({ status: "ok" }),
  });

  const ready = endpoint({
    method: "get",
    path: "/ready",
    summary: "Whether the process can do its work",
    tag,
    access,
    answers: { 200: { description: "It can", schema: z.object({ status: z.literal("ready") }) } },
    async handle(_input, _req, res) {
      const [database, kept] = await Promise.all([
        probe(() => db.ping()),
        probe(() => cache.ping()),
      ]);
      if (database === "up" && kept === "up") return void res.json({ status: "ready" });
      const dependencies = { database, cache: kept };
      const down = Object.entries(dependencies).filter(([, state]) => state === "down");
      const names = down.map(([name]) => name).join(" and ");
      throw new Problem("unavailable", `Cannot reach: ${names}.`, { dependencies });
    },
  });

  const documented = [health, ready, ...endpoints];
  return [
    health,
    ready,
    page("/openapi.json", "application/json", () => JSON.stringify(describe(documented, context))),
    page("/docs", "text/html; charset=utf-8", () => docsPage(describe(documented, context))),
    page("/docs/style.css", "text/css; charset=utf-8", () => docsStyle),
  ];

  function page(path: string, mediaType: string, render: () => string): Endpoint {
    let rendered: string | undefined;
    return endpoint({
      method: "get",
      path,
      summary: path,
      tag,
      access,
      answers: {},
      handle(_input, _req, res) {
        if (!config.DOCS_ENABLED) throw notFound();
        rendered ??= render();
        res.type(mediaType).end(rendered);
      },
    });
  }
}

async function probe(ping: () => Promise<void>): Promise<"up" | "down"> {
  try {
    await within(PROBE_MS, ping());
    return "up";
  } catch {
    return "down";
  }
}
