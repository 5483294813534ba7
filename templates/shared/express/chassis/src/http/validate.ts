import type { RequestHandler } from "express";
import createError from "http-errors";
import { z } from "zod";
import { notFound } from "../errors.ts";

interface Schemas<Params, Query, Body> {
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
}

/** Replaces `req.params`, `req.query` and `req.body` by what their schemas make of them, or throws 404 or 422. */
export function validate<Params, Query, Body>(
  schemas: Schemas<Params, Query, Body>,
): RequestHandler<Params, unknown, Body, Query> {
  const parts = z.object(schemas as Record<string, z.ZodType>);
  return (req, _res, next) => {
    const { success, data, error } = parts.safeParse(req);
    if (success) {
      // Not by assignment: in Express 5 `req.query` is a getter.
      for (const [name, value] of Object.entries(data)) {
        Object.defineProperty(req, name, { value, configurable: true });
      }
      return next();
    }
    // An id that cannot exist names nothing.
    if (error.issues.some(({ path }) => path[0] === "params")) throw notFound();
    const errors = error.issues.flatMap((issue) => {
      const names = issue.code === "unrecognized_keys" ? issue.keys : [];
      const path = issue.path.slice(1);
      return names.length > 0
        ? names.map((name) => ({ field: [...path, name].join("."), message: "is not known" }))
        : [{ field: path.join("."), message: issue.message }];
    });
    throw createError(422, "The request is well-formed but not valid.", { members: { errors } });
  };
}
