import { isUtf8 } from "node:buffer";
import express, { type RequestHandler } from "express";
import createError from "http-errors";
import { config } from "../config.ts";

const TYPES = ["application/json", "application/merge-patch+json"];

const parse = express.json({
  type: TYPES,
  limit: config.MAX_BODY_BYTES,
  strict: false, // `null` is JSON, too: the schema refuses it, with 422
  inflate: false,
  verify(_req, _res, body) {
    if (!isUtf8(body)) throw createError(400, "The body is not valid UTF-8.");
  },
  reviver(key, value) {
    // Not every database stores NUL characters or half a surrogate pair: they would become a 500.
    for (const text of [key, value]) {
      if (typeof text === "string" && (text.includes("\0") || !text.isWellFormed())) {
        throw createError(400, "The body holds characters that are not valid text.");
      }
    }
    return value;
  },
});

/** Reads a JSON body. It stands behind `requireUser`: a body is read when it is known who sends it. */
export const json: RequestHandler = (req, res, next) => {
  const type = req.is(TYPES); // null without a body
  if (type === null || req.get("Content-Length") === "0")
    throw createError(400, "A JSON body is required.");
  if (type === false) throw createError(415, "The body must be application/json.");
  parse(req, res, next);
};
