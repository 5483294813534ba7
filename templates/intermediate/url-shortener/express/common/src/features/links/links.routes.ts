import { type Response, Router } from "express";
import { toString as renderQr } from "qrcode";
import { z } from "zod";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { ifMatch, keyOf } from "../../http/etag.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { IdParams as params } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import type { Link } from "./links.repository.ts";
import * as schema from "./links.schema.ts";
import * as service from "./links.service.ts";

export const linksRouter = Router({ caseSensitive: true });

linksRouter
  .route("/")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: schema.LinkCreate }), async (req, res) => {
    const link = await service.createLink(req.user.id, req.body);
    res.status(201).set("Location", `/api/v1/links/${link.id}`);
    send(res, link);
  })
  .get(validate({ query: schema.LinkQuery }), async (req, res) => {
    const { items, nextCursor } = await service.listLinks(req.user.id, req.query);
    res.json({ items: items.map(schema.toResponse), nextCursor });
  });

linksRouter
  .route("/:id")
  .all(allowedMethods, requireUser)
  .get(validate({ params }), async (req, res) => {
    res.set("Cache-Control", "private, no-cache"); // may be stored, but must be asked for again each time
    send(res, await service.getLink(keyOf(req)));
  })
  .patch(json, validate({ params, body: schema.LinkUpdate }), async (req, res) => {
    send(res, await service.updateLink({ ...keyOf(req), ...ifMatch(req) }, req.body));
  })
  .delete(validate({ params }), async (req, res) => {
    await service.deleteLink({ ...keyOf(req), ...ifMatch(req) });
    res.status(204).end();
  });

linksRouter
  .route("/:id/stats")
  .all(allowedMethods, requireUser)
  .get(validate({ params, query: schema.StatsQuery }), async (req, res) => {
    res.json(await service.linkStats(keyOf(req), req.query.days));
  });

linksRouter
  .route("/:id/qr.svg")
  .all(allowedMethods, requireUser)
  .get(validate({ params }), async (req, res) => {
    const { shortUrl } = schema.toResponse(await service.getLink(keyOf(req)));
    res.type("image/svg+xml").send(await renderQr(shortUrl, { type: "svg" }));
  });

function send(res: Response, link: Link): void {
  res.set("ETag", `"${link.version}"`).json(schema.toResponse(link));
}

const links = "/api/v1/links";
const link = `${links}/{id}`;
const { LinkPage, LinkResponse, StatsResponse } = schema;
const create = { security, body: schema.LinkCreate };
const list = { security, query: schema.LinkQuery };
const own = { security, params };
const update = { ...own, body: schema.LinkUpdate };
const days = { ...own, query: schema.StatsQuery };
describeRoute(`post ${links}`, "Shorten a URL", create, 201, LinkResponse);
describeRoute(`get ${links}`, "List own links", list, 200, LinkPage);
describeRoute(`get ${link}`, "Read a link", own, 200, LinkResponse);
describeRoute(`patch ${link}`, "Change a link", update, 200, LinkResponse);
describeRoute(`delete ${link}`, "Delete a link for good", own, 204);
describeRoute(`get ${link}/stats`, "Count the clicks of a link", days, 200, StatsResponse);
describeRoute(`get ${link}/qr.svg`, "Draw a QR code", own, 200, z.string(), "image/svg+xml");
