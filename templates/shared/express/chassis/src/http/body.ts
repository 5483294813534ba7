import type { Request } from "express";
import { type FieldError, invalid, Problem } from "../errors.ts";

const MAX_DEPTH = 100;

/**
 * Reads a JSON body, strictly. `express.json()` comes close, but it accepts what breaks later: text that is not UTF-8,
 * `1e999` (Infinity), NUL characters (PostgreSQL refuses them: a 500) and nesting that overflows a stack. And it
 * answers 413 only when the whole body has come in: what is too large would be read to its end.
 */
export async function readJson(req: Request, limit: number): Promise<unknown> {
  const { headers } = req;
  const chunked = headers["transfer-encoding"] !== undefined;
  if (!chunked && Number(headers["content-length"] ?? 0) === 0) throw missing();
  if (!isJson(headers["content-type"], req.method) || headers["content-encoding"] !== undefined) {
    throw new Problem("unsupported-media-type", "The body must be application/json in UTF-8.");
  }
  const value = parse(await readAll(req, limit));
  const errors: FieldError[] = [];
  inspect(value, [], errors);
  if (errors.length > 0) throw invalid(errors);
  return value;
}

async function readAll(req: Request, limit: number): Promise<Buffer> {
  const tooLarge = new Problem("payload-too-large", `The body is larger than ${limit} bytes.`);
  if (Number(req.headers["content-length"] ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The stream stays open when the loop is left, for the answer goes out on the same socket.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      size += (chunk as Buffer).length;
      if (size > limit) throw tooLarge;
    }
  } finally {
    req.resume(); // what still comes is dropped, or the next request on this connection would wait behind it
  }
  if (size === 0) throw missing();
  return Buffer.concat(chunks, size);
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

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
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

function missing(): Problem {
  return malformed("A JSON body is required.");
}

function malformed(detail: string): Problem {
  return new Problem("malformed-body", detail);
}
