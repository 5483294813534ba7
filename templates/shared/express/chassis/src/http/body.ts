import express, { type Request, type Response } from "express";
import { type FieldError, invalid, Problem } from "../errors.ts";

const MAX_DEPTH = 100;

/**
 * Reads a JSON body, strictly. `express.json()` comes close, but it silently accepts what breaks later: text that
 * is not UTF-8, `1e999` (Infinity), NUL characters (PostgreSQL refuses them: a 500) and nesting that overflows a stack.
 */
export function jsonReader(limit: number) {
  const readRaw = express.raw({ type: () => true, limit, inflate: false });

  return async function readJson(req: Request, res: Response): Promise<unknown> {
    const length = req.headers["content-length"];
    const empty = req.headers["transfer-encoding"] === undefined && (length ?? "0") === "0";
    if (empty) throw malformed("A JSON body is required.");
    if (!isJson(req.headers["content-type"], req.method)) {
      throw new Problem("unsupported-media-type", "The body must be application/json in UTF-8.");
    }
    await new Promise<void>((resolve, reject) => {
      readRaw(req, res, (error?: unknown) => (error ? reject(asProblem(error, limit)) : resolve()));
    });
    const value = parse(req.body);
    const errors: FieldError[] = [];
    inspect(value, [], errors);
    if (errors.length > 0) throw invalid(errors);
    return value;
  };
}

function isJson(header: string | undefined, method: string): boolean {
  const [type, ...parameters] = (header ?? "").toLowerCase().split(";");
  const accepted = [
    "application/json",
    ...(method === "PATCH" ? ["application/merge-patch+json"] : []),
  ];
  return (
    accepted.includes(type?.trim() ?? "") &&
    parameters.every((text) => {
      const [name, value] = text.split("=").map((part) => part.trim().replaceAll('"', ""));
      return name !== "charset" || value === "utf-8" || value === "utf8";
    })
  );
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body as Uint8Array));
  } catch {
    throw malformed("The body is not valid JSON.");
  }
}

function inspect(value: unknown, path: string[], errors: FieldError[]): void {
  if (typeof value === "string") {
    if (value.includes("\0")) throw malformed("The body holds a NUL character.");
    if (!value.isWellFormed())
      errors.push({ field: path.join("."), message: "must be valid Unicode" });
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) throw malformed("The body holds a number that is too large.");
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= MAX_DEPTH)
      throw malformed(`The body nests deeper than ${MAX_DEPTH} levels.`);
    for (const [key, member] of Object.entries(value)) {
      if (key.includes("\0")) throw malformed("The body holds a NUL character.");
      inspect(member, [...path, key.toWellFormed()], errors);
    }
  }
}

function malformed(detail: string): Problem {
  return new Problem("malformed-body", detail);
}

/** What `express.raw` throws, in our words. */
function asProblem(error: unknown, limit: number): unknown {
  const type = (error as { type?: string }).type;
  if (type === "entity.too.large") {
    return new Problem("payload-too-large", `The body is larger than ${limit} bytes.`);
  }
  if (type === "encoding.unsupported") {
    return new Problem("unsupported-media-type", "The body must not be compressed.");
  }
  if (type === "request.aborted" || type === "request.size.invalid") {
    return malformed("The body ended early.");
  }
  return error;
}
