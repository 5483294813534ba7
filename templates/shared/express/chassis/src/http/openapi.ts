import { z } from "zod";
import type { Context, Identity } from "../context.ts";
import { PROBLEMS, type ProblemName } from "../errors.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

type Json = Record<string, unknown>;

const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  dependencies: z.record(z.string(), z.enum(["up", "down"])).optional(),
});

/** The OpenAPI 3.1 document of what `mount` mounts. */
export function describe(endpoints: Endpoint[], { config, identity }: Context): Json {
  const paths: Record<string, Json> = {};
  for (const each of endpoints) {
    const path = paths[each.path] ?? {};
    const documented = operation(each, identity);
    path[each.method] = documented;
    // HEAD is a GET without its body.
    if (each.method === "get") path["head"] = headOf(documented);
    paths[each.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: { title: "API", version: "1" },
    servers: [{ url: config.PUBLIC_URL }],
    paths,
    components: {
      schemas: { Problem: z.toJSONSchema(ProblemDocument) },
      securitySchemes: identity.securitySchemes,
    },
  };
}

function operation(each: Endpoint, { securitySchemes, usesCookies }: Identity): Json {
  const needsCsrfToken = usesCookies && each.method !== "get";
  const responses: Json = {};
  for (const [status, answer] of Object.entries(each.answers)) {
    responses[status] = describeAnswer(answer as Answer);
  }
  for (const [status, names] of Map.groupBy(
    problemsOf(each, needsCsrfToken),
    (name) => PROBLEMS[name].status,
  )) {
    const description = names.map((name) => PROBLEMS[name].title).join("; ");
    const schema = { $ref: "#/components/schemas/Problem" };
    responses[status] = { description, content: { "application/problem+json": { schema } } };
  }
  return {
    summary: each.summary,
    operationId: `${each.method}${each.path.replaceAll(/[^a-zA-Z]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    tags: [each.tag],
    parameters: [
      ...parametersOf("path", each.params),
      ...parametersOf("query", each.query),
      ...(each.headers ?? []).map((name) => header(name, false)),
      ...(needsCsrfToken ? [header("X-CSRF-Token", true)] : []),
    ],
    ...(each.body && { requestBody: bodyOf(each) }),
    responses,
    security:
      each.access === "user" ? Object.keys(securitySchemes).map((name) => ({ [name]: [] })) : [],
  };
}

/** Everything the checks before a handler can answer, and what the handler itself adds. */
function problemsOf(each: Endpoint, needsCsrfToken: boolean): ProblemName[] {
  const names = new Set<ProblemName>(["rate-limited", "internal", "unavailable"]);
  if (needsCsrfToken) names.add("csrf");
  if (each.access === "user") names.add("unauthenticated");
  if (each.params) names.add("not-found");
  if (each.query || each.body) names.add("validation");
  if (each.body) {
    for (const name of ["malformed-body", "payload-too-large", "unsupported-media-type"] as const)
      names.add(name);
  }
  for (const name of each.problems ?? []) names.add(name);
  return [...names];
}

function bodyOf(each: Endpoint): Json {
  const media = { schema: schemaOf(each.body, "input") };
  return {
    required: true,
    content: {
      "application/json": media,
      ...(each.method === "patch" && { "application/merge-patch+json": media }),
    },
  };
}

function describeAnswer({
  description,
  schema,
  mediaType = "application/json",
  headers,
}: Answer): Json {
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: "string" } }])),
    }),
    ...(schema && { content: { [mediaType]: { schema: schemaOf(schema, "output") } } }),
  };
}

function header(name: string, required: boolean): Json {
  return { name, in: "header", required, schema: { type: "string" } };
}

function headOf(get: Json): Json {
  const responses = Object.entries(get["responses"] as Record<string, Json>).map(
    ([status, { content: _content, ...rest }]) => [status, rest],
  );
  return {
    ...get,
    operationId: `${get["operationId"]}Head`,
    responses: Object.fromEntries(responses),
  };
}

function parametersOf(place: "path" | "query", schema: z.ZodType | undefined): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input");
  return Object.entries(properties as Json).map(([name, value]) => ({
    name,
    in: place,
    required: place === "path" || (required as string[]).includes(name),
    schema: value,
  }));
}

function schemaOf(schema: z.ZodType | undefined, io: "input" | "output"): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema ?? z.unknown(), {
    io,
    unrepresentable: "any",
  });
  return rest;
}
