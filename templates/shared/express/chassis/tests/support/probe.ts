import { z } from "zod";
import type { Feature } from "../../src/context.ts";
import { type Endpoint, endpoint } from "../../src/http/endpoint.ts";

const Body = z.strictObject({ name: z.string(), tags: z.array(z.string()).optional() });

/** Routes of the tests' own: what holds for every route is tried here, apart from any feature. */
export const probe: Feature = {
  endpoints: [
    route("get", "/probe/fails", () => {
      throw new Error("the password is hunter2");
    }),
    route("get", "/probe/items/{id}", (input) => input.params),
    endpoint({
      method: "get",
      path: "/probe/kept",
      summary: "",
      tag: "probe",
      access: "public",
      answers: { 200: { description: "" } },
      handle: (_input, _req, res) =>
        void res.writeHead(200, { "Cache-Control": "max-age=60", "Content-Length": 0 }).end(),
    }),
    endpoint({
      method: "patch",
      path: "/probe/bodies",
      summary: "",
      tag: "probe",
      access: "public",
      body: Body,
      query: z.object({ size: z.string().regex(/^\d$/).optional() }),
      answers: { 200: { description: "" } },
      handle: ({ body }, _req, res) => void res.json(body),
    }),
  ],
};

function route(
  method: Endpoint["method"],
  path: string,
  answer: (input: { params: unknown }) => unknown,
): Endpoint {
  return endpoint({
    method,
    path,
    summary: "",
    tag: "probe",
    access: "public",
    params: path.includes("{") ? z.object({ id: z.uuid() }) : undefined,
    answers: { 200: { description: "" } },
    handle: (input, _req, res) => void res.json(answer(input)),
  } as Parameters<typeof endpoint>[0]);
}
