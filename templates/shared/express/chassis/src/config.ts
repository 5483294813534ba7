import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import proxyaddr from "proxy-addr";
import { z } from "zod";
import { integer, list } from "./from-text.ts";
import { settings } from "./settings.ts";

const Environment = z
  .object({
    APP_ENV: z.enum(["development", "test", "production"]).default("development"),
    HOST: z.string().default("127.0.0.1"),
    PORT: integer(0, 65_535).default(3000),
    SECRET_KEY: z.string({ error: "is required" }),
    PUBLIC_URL: z.string().transform(publicUrl).optional(),
    CORS_ORIGINS: list(
      isOrigin,
      "must be origins such as https://example.com, separated by commas",
    ),
    TRUSTED_PROXIES: list(isNetwork, "must be networks such as 10.0.0.0/8, separated by commas"),
    MAX_BODY_BYTES: integer(1, 1_000_000_000).default(1_048_576),
    RATE_LIMIT: integer(0, 1_000_000_000).default(300),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
    DOCS_ENABLED: z
      .enum(["true", "false"])
      .transform((value) => value === "true")
      .optional(),
    ...settings,
  })
  .superRefine((env, ctx) => {
    if (env.APP_ENV !== "production") return;
    if (env.PUBLIC_URL === undefined) {
      const message = "is required in production: every link is built on it";
      ctx.addIssue({ code: "custom", path: ["PUBLIC_URL"], message });
    }
    if (env.SECRET_KEY.length < 32 || env.SECRET_KEY.startsWith("change-me")) {
      const message = "must be at least 32 random characters in production";
      ctx.addIssue({ code: "custom", path: ["SECRET_KEY"], message });
    }
  })
  .transform((env) => ({
    ...env,
    PUBLIC_URL: env.PUBLIC_URL ?? "http://localhost:3000",
    DOCS_ENABLED: env.DOCS_ENABLED ?? env.APP_ENV !== "production",
  }));

export type Config = z.infer<typeof Environment>;

/** Every setting that is missing or malformed, one line each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads and checks the whole environment once, so that a mistake stops the start and not a request at night. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // Production never reads `.env`: a file left in an image must not decide anything.
  const development = (env["APP_ENV"] || "development") === "development";
  if (development && env === process.env && existsSync(".env")) loadEnvFile(".env");

  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = Environment.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError([...new Set(lines)].join("\n"));
}

function publicUrl(value: string, ctx: z.RefinementCtx): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Links are answered at the root, so a path in front of the codes would lead nowhere.
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`)
    return value.replace(/\/$/, "");
  ctx.addIssue({ code: "custom", message: "must be an http or https URL without a path" });
  return z.NEVER;
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

function isNetwork(value: string): boolean {
  try {
    proxyaddr.compile(value);
    return true;
  } catch {
    return false;
  }
}
