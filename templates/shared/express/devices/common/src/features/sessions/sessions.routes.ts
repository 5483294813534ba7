import { Router } from "express";
import { z } from "zod";
import { notFound } from "../../errors.ts";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { IdParams as params, Timestamp } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import { recordEvent, userAgentOf } from "../events/events.service.ts";
import * as repository from "./devices.repository.ts";

export const sessionsRouter = Router({ caseSensitive: true });

sessionsRouter
  .route("/")
  .all(allowedMethods, requireUser)
  .get(async (req, res) => {
    const devices = await repository.list(req.user.id, new Date());
    const items = devices.map(({ id, createdAt, lastSeenAt, userAgent }) => {
      const current = id === req.user.sessionId;
      return { id, createdAt, lastSeenAt: lastSeenAt ?? createdAt, userAgent, current };
    });
    res.json({ items });
  })
  .delete(async (req, res) => {
    await repository.removeAll(req.user.id);
    await recordEvent(req.user.id, "sessions-ended", userAgentOf(req));
    res.status(204).end();
  });

sessionsRouter
  .route("/:id")
  .all(allowedMethods, requireUser)
  .delete(validate({ params }), async (req, res) => {
    // The owner is part of the condition: for everybody else the session does not exist.
    if (!(await repository.remove(req.user.id, req.params.id))) throw notFound();
    await recordEvent(req.user.id, "session-ended", userAgentOf(req));
    res.status(204).end();
  });

const Session = z.object({
  id: z.uuid(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  userAgent: z.string().nullable(),
  current: z.boolean(),
});
const SessionList = z.object({ items: z.array(Session) });
const sessions = "/api/v1/auth/sessions";
describeRoute(`get ${sessions}`, "List own sessions", { security }, 200, SessionList);
describeRoute(`delete ${sessions}`, "Sign out everywhere", { security }, 204);
describeRoute(`delete ${sessions}/{id}`, "Sign out there", { security, params }, 204);
