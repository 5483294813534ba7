import type { Request, RequestHandler } from "express";
import { type AugmentedRequest, ipKeyGenerator, rateLimit } from "express-rate-limit";
import { tooManyRequests } from "../errors.ts";

const WINDOW_MS = 60_000;

/** Allows each client `limit` requests a minute. */
export function rateLimiter(limit: number): RequestHandler {
  return rateLimit({
    limit,
    windowMs: WINDOW_MS,
    keyGenerator: clientOf,
    skip: ({ path }) => path === "/health" || path === "/ready",
    handler(req) {
      const { resetTime = new Date() } = (req as AugmentedRequest)["rateLimit"] ?? {};
      throw tooManyRequests(resetTime.getTime() - Date.now());
    },
    legacyHeaders: false,
  });
}

/**
 * The client's address: without the port that some proxies add, and of IPv6 its network of 64 bits, which one household
 * or server has to itself.
 */
export function clientOf(req: Request): string {
  const address = req.ip?.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, "$1$3");
  return ipKeyGenerator(address ?? "unknown", 64);
}
