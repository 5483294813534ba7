import { z } from "zod";
import { notFound, Problem } from "../../errors.ts";
import { type Endpoint, endpoint } from "../../http/endpoint.ts";
import type { ClickCounter } from "./clicks.ts";
import { CODE } from "./codes.ts";
import type { LinkService } from "./links.service.ts";

/** What cannot be a code is refused before the cache or the database is asked. */
const CodeParams = z.object({ code: z.string().regex(CODE) });

/** Following a link: the path that everybody takes, so it does nothing that can wait. */
export function redirect(service: LinkService, counter: ClickCounter): Endpoint {
  return endpoint({
    method: "get",
    path: "/{code}",
    summary: "Follow a short link",
    tag: "redirect",
    access: "public",
    params: CodeParams,
    answers: { 302: { description: "The way to the target", headers: ["Location"] } },
    problems: ["gone"],
    async handle({ params }, req, res) {
      const target = await service.resolve(params.code);
      if (!target) throw notFound();
      const expired = target.expiresAt !== null && target.expiresAt <= Date.now();
      if (expired || target.location === null) {
        throw new Problem("gone", "This link is no longer available.");
      }
      if (req.method === "GET") counter.record(target.id, req.headers.referer);
      // Not `res.redirect()`: it re-encodes the URL, and the target must leave exactly as it was stored.
      res.writeHead(302, ["Location", target.location, "Content-Length", "0"]).end();
    },
  });
}
