import type { RequestHandler } from "express";
import { log } from "../../logger.ts";
import { see } from "./devices.repository.ts";

const PRECISION_MS = 60_000;
const MAX_SESSIONS = 10_000;

/** When this process last wrote it, by session. */
const written = new Map<string, number>();

/** Notes that a session is in use: after the response, and once a minute, so that no request is slower for it. */
export const recordLastSeen: RequestHandler = (req, res, next) => {
  res.on("close", () => {
    const { sessionId } = req.user ?? {};
    const now = Date.now();
    if (!sessionId || now - (written.get(sessionId) ?? 0) < PRECISION_MS) return;
    if (written.size >= MAX_SESSIONS) written.clear();
    written.set(sessionId, now);
    see(sessionId, new Date(now)).catch((err) => log.warn({ err }, "last use not written"));
  });
  next();
};
