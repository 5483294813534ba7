import type { Response } from "express";
import { toString as renderQr } from "qrcode";
import { z } from "zod";
import type { BaseContext, Feature } from "../../context.ts";
import { type Answer, endpoint, IdParams } from "../../http/endpoint.ts";
import { entityTag, ifMatch, isNotModified } from "../../http/etag.ts";
import { ClickCounter } from "./clicks.ts";
import { LinkCache } from "./link-cache.ts";
import { createLinkRepository } from "./links.repository.ts";
import {
  bodySchemas,
  encodeCursor,
  LinkAnswer,
  LinkList,
  ListQuery,
  Stats,
  StatsQuery,
  toAnswer,
} from "./links.schema.ts";
import { LinkService } from "./links.service.ts";
import type { Link } from "./links.ts";
import { redirect } from "./redirect.ts";
import { seedLinks } from "./seed.ts";

/** Short links: managed under `/api/v1/links`, followed under `/{code}`. */
export function links({ config, log, db, cache, accountHooks }: BaseContext): Feature {
  const publicUrl = config.PUBLIC_URL;
  const repository = createLinkRepository(db);
  const linkCache = new LinkCache(cache);
  const service = new LinkService(repository, linkCache);
  const counter = new ClickCounter(repository, log);
  counter.start();
  const { NewLink, LinkPatch } = bodySchemas(publicUrl);
  const shared = { tag: "links", access: "user" } as const;

  accountHooks.push(async (userId, tx) => {
    const deleted = await repository.deleteAll(userId, tx);
    return async () => {
      for (const link of deleted) await linkCache.put(link);
    };
  });

  const create = endpoint({
    ...shared,
    method: "post",
    path: "/api/v1/links",
    summary: "Shorten a URL",
    body: NewLink,
    answers: { 201: linkAnswer("Created", "Location") },
    problems: ["conflict"],
    async handle({ caller, body }, _req, res) {
      const link = await service.create(caller.userId, body);
      res.status(201).setHeader("Location", `/api/v1/links/${link.id}`);
      send(res, link);
    },
  });

  const list = endpoint({
    ...shared,
    method: "get",
    path: "/api/v1/links",
    summary: "List own links, newest first",
    query: ListQuery,
    answers: { 200: { description: "A page of links", schema: LinkList } },
    async handle({ caller, query: { q, limit, cursor } }, _req, res) {
      const page = await service.list(caller.userId, { q, limit, before: cursor });
      res.json({
        items: page.links.map((link) => toAnswer(link, publicUrl)),
        nextCursor: page.next && encodeCursor(page.next),
      });
    },
  });

  const read = endpoint({
    ...shared,
    method: "get",
    path: "/api/v1/links/{id}",
    summary: "Read a link",
    params: IdParams,
    headers: ["If-None-Match"],
    answers: {
      200: linkAnswer("The link"),
      304: { description: "Not changed", headers: ["ETag"] },
    },
    async handle({ caller, params }, req, res) {
      const link = await service.get(caller.userId, params.id);
      res.setHeader("Cache-Control", "private, no-cache"); // may be kept, but asked about each time
      const tag = entityTag(link.version);
      if (isNotModified(req, tag)) res.status(304).setHeader("ETag", tag).end();
      else send(res, link);
    },
  });

  const change = endpoint({
    ...shared,
    method: "patch",
    path: "/api/v1/links/{id}",
    summary: "Change a link",
    params: IdParams,
    body: LinkPatch,
    headers: ["If-Match"],
    answers: { 200: linkAnswer("The changed link") },
    problems: ["precondition-failed"],
    async handle({ caller, params, body }, req, res) {
      send(res, await service.change(caller.userId, params.id, body, ifMatch(req)));
    },
  });

  const remove = endpoint({
    ...shared,
    method: "delete",
    path: "/api/v1/links/{id}",
    summary: "Delete a link, for good",
    params: IdParams,
    headers: ["If-Match"],
    answers: { 204: { description: "Deleted" } },
    problems: ["precondition-failed"],
    async handle({ caller, params }, req, res) {
      await service.delete(caller.userId, params.id, ifMatch(req));
      res.status(204).end();
    },
  });

  const stats = endpoint({
    ...shared,
    method: "get",
    path: "/api/v1/links/{id}/stats",
    summary: "Count the clicks of a link",
    params: IdParams,
    query: StatsQuery,
    answers: { 200: { description: "Clicks in all, by day and by referring host", schema: Stats } },
    async handle({ caller, params, query }, _req, res) {
      res.json(await service.stats(caller.userId, params.id, query.days));
    },
  });

  const qr = endpoint({
    ...shared,
    method: "get",
    path: "/api/v1/links/{id}/qr.svg",
    summary: "Draw the short URL as a QR code",
    params: IdParams,
    answers: { 200: { description: "An image", schema: z.string(), mediaType: "image/svg+xml" } },
    async handle({ caller, params }, _req, res) {
      const link = await service.get(caller.userId, params.id);
      const { shortUrl } = toAnswer(link, publicUrl);
      res.type("image/svg+xml").end(await renderQr(shortUrl, { type: "svg" }));
    },
  });

  return {
    endpoints: [create, list, read, change, remove, stats, qr, redirect(service, counter)],
    stop: () => counter.stop(),
    seed: (ownerId) => seedLinks(service, ownerId),
  };

  function send(res: Response, link: Link): void {
    res.setHeader("ETag", entityTag(link.version));
    res.json(toAnswer(link, publicUrl));
  }
}

function linkAnswer(description: string, ...headers: string[]): Answer {
  return { description, schema: LinkAnswer, headers: ["ETag", ...headers] };
}
