import { Router } from "express";
import { z } from "zod";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { PageQuery, pageOf, Timestamp, toPage } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import * as repository from "./events.repository.ts";

export const eventsRouter = Router({ caseSensitive: true });

eventsRouter
  .route("/")
  .all(allowedMethods, requireUser)
  .get(validate({ query: PageQuery }), async (req, res) => {
    const { limit, cursor } = req.query;
    const page = toPage(await repository.list(req.user.id, limit + 1, cursor), limit);
    const items = page.items.map(({ id, type, at, userAgent }) => ({ id, type, at, userAgent }));
    res.json({ ...page, items });
  });

const text = z.string();
const Event = z.object({ id: z.uuid(), type: text, at: Timestamp, userAgent: text.nullable() });
const list = { security, query: PageQuery };
describeRoute("get /api/v1/auth/events", "List what happened", list, 200, pageOf(Event));
