import type { Express, RequestHandler } from "express";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { type FieldError, invalid, notFound, Problem } from "../errors.ts";
import { readJson } from "./body.ts";
import type { Endpoint } from "./endpoint.ts";

/** Adds the endpoints to the application, with 405 and `Allow` for the methods a path does not have. */
export function mount(app: Express, endpoints: Endpoint[], context: Context): void {
  // Express tries one path after the other. The short ones are asked for most, and none hides a longer one.
  const length = ({ path }: Endpoint) => path.split("/").length;
  const sorted = endpoints.toSorted((a, b) => length(a) - length(b));
  const pathGroups = Map.groupBy(sorted, (each) => each.path);
  for (const [path, group] of pathGroups) {
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    for (const each of group) route[each.method](run(each, context));
    const methods = group.map((each) =>
      each.method === "get" ? "GET, HEAD" : each.method.toUpperCase(),
    );
    route.all((req, res) => {
      res.setHeader("Allow", methods.join(", "));
      if (req.method !== "OPTIONS") {
        throw new Problem("method-not-allowed", `${req.method} is not possible here.`);
      }
      res.status(204).end();
    });
  }
}

/**
 * The order of checks is part of the API: a request that fails two of them gets the first one's answer, and nobody
 * learns whether a resource exists before saying who they are.
 */
function run(
  { method, access, params, query, body, handle }: Endpoint,
  { config, identity }: Context,
): RequestHandler {
  return async (req, res) => {
    if (method !== "get") identity.refuseForgery(req);
    const caller = access === "user" ? await identity.authenticate(req) : undefined;
    const json = body ? await readJson(req, config.MAX_BODY_BYTES) : undefined;
    const errors: FieldError[] = [];
    const input = {
      caller,
      query: query && check(query, req.query, errors),
      body: body && check(body, json, errors),
      params: undefined as unknown,
    };
    if (errors.length > 0) throw invalid(errors);
    if (params) {
      const result = params.safeParse(req.params);
      if (!result.success) throw notFound(); // an id that cannot be is an id that is not
      input.params = result.data;
    }
    await handle(input, req, res);
  };
}

function check(schema: z.ZodType, value: unknown, errors: FieldError[]): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const fields = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [key]) : [[]];
    for (const rest of fields) {
      const field = [...issue.path, ...rest].join(".").toWellFormed();
      errors.push({ field, message: rest.length > 0 ? "is not a known member" : issue.message });
    }
  }
  return undefined;
}
