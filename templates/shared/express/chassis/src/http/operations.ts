import express, { Router } from "express";
import createError from "http-errors";
import { absolutePath } from "swagger-ui-dist";
import { z } from "zod";
import type { Config } from "../config.ts";
import { readinessChecks } from "../lifecycle.ts";
import { allowedMethods } from "./errors.ts";
import { describeRoute, openApiDocument } from "./openapi.ts";

const root = `${import.meta.dirname}/../../public`;
const Status = z.object({ status: z.string() });

/** What those who run the service ask for, and the documentation of its API. */
export function operationsRouter({ APP_ENV, DOCS_ENABLED }: Config): Router {
  const router = Router({ caseSensitive: true });

  router
    .route("/health")
    .all(allowedMethods)
    .get((_req, res) => void res.json({ status: "ok" }));

  router
    .route("/ready")
    .all(allowedMethods)
    .get(async (_req, res) => {
      const names = Object.keys(readinessChecks);
      const checks = await Promise.allSettled(names.map((name) => readinessChecks[name]?.()));
      const states = checks.map(({ status }) => (status === "fulfilled" ? "up" : "down"));
      if (!states.includes("down")) return void res.json({ status: "ready" });
      const down = names.filter((_, i) => states[i] === "down").join(", ");
      const dependencies = Object.fromEntries(names.map((name, i) => [name, states[i]]));
      throw createError(503, `Cannot reach: ${down}.`, { expose: true, members: { dependencies } });
    });

  if (APP_ENV !== "production") {
    router.get("/", (_req, res) => res.sendFile("index.html", { root }));
  }
  if (DOCS_ENABLED) {
    router
      .route("/openapi.json")
      .all(allowedMethods)
      .get((_req, res) => void res.json(openApiDocument()));
    router.get("/docs", (_req, res) => res.sendFile("docs.html", { root }));
    router.use("/docs", express.static(root), express.static(absolutePath()));
  }
  return router;
}

describeRoute("get /health", "Whether the process lives", {}, 200, Status);
describeRoute("get /ready", "Whether it can do its work", {}, 200, Status);
