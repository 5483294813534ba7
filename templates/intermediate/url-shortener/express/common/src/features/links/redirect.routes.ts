import { Router } from "express";
import createError from "http-errors";
import { z } from "zod";
import { notFound } from "../../errors.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { clicks } from "./clicks.ts";
import { CODE } from "./codes.ts";
import { resolveCode } from "./links.service.ts";

export const redirectRouter = Router();

/** Following a link. Most requests come here: the cache answers them, and the click is written later. */
redirectRouter
  .route("/:code")
  .all(allowedMethods)
  .get(async (req, res) => {
    // What cannot be a code is refused before the cache or the database is asked.
    const target = CODE.test(req.params.code) ? await resolveCode(req.params.code) : null;
    if (!target) throw notFound();
    const expired = target.expiresAt !== null && target.expiresAt <= Date.now();
    if (expired || target.location === null)
      throw createError(410, "This link is no longer available.");
    const prefetch = req.get("Sec-Purpose")?.startsWith("prefetch");
    if (req.method === "GET" && !prefetch) clicks.record(target.linkId, req.get("Referer"));
    // Not `res.redirect()`: it encodes the URL once more, and a target must be sent exactly as it was stored.
    res.status(302).set("Location", target.location).end();
  });

describeRoute("get /{code}", "Follow a link", { params: z.object({ code: z.string() }) }, 302);
