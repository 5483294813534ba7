import type { RequestHandler } from "express";
import { LRUCache } from "lru-cache";
import { Problem } from "../errors.ts";
import { clientOf } from "./request.ts";

const WINDOW_MS = 60_000;
const MAX_CLIENTS = 50_000; // bounds the memory that somebody with many addresses can take
const EXEMPT = new Set(["/health", "/ready"]);

/** So many requests a minute for one client, counted in this process. */
export function rateLimit(limit: number): RequestHandler {
  const windows = new LRUCache<string, { count: number; endsAt: number }>({ max: MAX_CLIENTS });
  return (req, _res, next) => {
    if (EXEMPT.has(req.url)) return next();
    const client = clientOf(req);
    const now = Date.now();
    let window = windows.get(client);
    if (!window || window.endsAt <= now) {
      window = { count: 0, endsAt: now + WINDOW_MS };
      windows.set(client, window);
    }
    window.count += 1;
    if (window.count > limit) throw tooMany(window.endsAt - now);
    next();
  };
}

export function tooMany(waitMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Problem("rate-limited", `Too many requests. Try again in ${seconds} s.`, {
    headers: { "Retry-After": String(seconds) },
  });
}
