import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import project from "../../package.json" with { type: "json" };

export const registry = new OpenAPIRegistry();

const text = z.string();
const errors = z.array(z.object({ field: text, message: text })).optional();
const Problem = z
  .object({ type: text, title: text, status: z.int(), detail: text, errors })
  .meta({ id: "Problem" });

interface Request {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  security?: Record<string, string[]>[];
}

/** Describes `"post /path"`: what it takes, and its success, which is empty without a schema. */
export function describeRoute(
  route: string,
  summary: string,
  { body, security = [], ...request }: Request,
  status: number,
  schema?: z.ZodType,
  mediaType = "application/json",
): void {
  const [method, path] = route.split(" ") as ["get" | "post" | "patch" | "delete", string];
  const problem = { "application/problem+json": { schema: Problem } };
  const json = body && { required: true, content: { "application/json": { schema: body } } };
  registry.registerPath({
    method,
    path,
    summary,
    security,
    tags: [path.split("/")[3] ?? "public"],
    request: { ...request, ...(json && { body: json }) },
    responses: {
      [status]: { description: summary, ...(schema && { content: { [mediaType]: { schema } } }) },
      default: { description: "A problem", content: problem },
    },
  });
}

export function openApiDocument() {
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: project.name, version: project.version },
  });
}
