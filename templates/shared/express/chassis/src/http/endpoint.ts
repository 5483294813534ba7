import type { Request, Response } from "express";
import { z } from "zod";
import type { ProblemName } from "../errors.ts";

type Method = "get" | "post" | "patch" | "delete";
type Access = "public" | "user";

/** A success as OpenAPI describes it. No schema: no body. */
export interface Answer {
  description: string;
  schema?: z.ZodType;
  mediaType?: string;
  headers?: string[];
}

/**
 * One route, described once: what is checked before `handle` runs and what `/openapi.json` says come from the same
 * lines, so that neither can drift from the other.
 */
interface Definition<A extends Access, P, Q, B> {
  method: Method;
  /** As in OpenAPI, `/links/{id}`. */
  path: string;
  summary: string;
  tag: string;
  access: A;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Request headers worth documenting. */
  headers?: string[];
  answers: Record<number, Answer>;
  /** Problems beyond those that follow from the members above. */
  problems?: ProblemName[];
  handle(input: Input<A, P, Q, B>, req: Request, res: Response): Promise<void> | void;
}

/** Who sent the request. */
export interface Caller {
  userId: string;
  sessionId: string;
}

interface Input<A extends Access, P, Q, B> {
  caller: A extends "user" ? Caller : undefined;
  params: P;
  query: Q;
  body: B;
}

// biome-ignore lint/suspicious/noExplicitAny: each endpoint has its own types; a list of them has none in common.
export type Endpoint = Definition<any, any, any, any>;

/** Checks a definition's types; nothing else. */
export function endpoint<A extends Access, P = undefined, Q = undefined, B = undefined>(
  definition: Definition<A, P, Q, B>,
): Endpoint {
  return definition;
}

/** An id in a path. */
export const IdParams = z.object({ id: z.uuid() });
