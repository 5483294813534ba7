import type { RequestHandler } from "express";
import createError from "http-errors";
import { find } from "./users.repository.ts";

/** Stands behind `requireUser`. The role is looked up each time: a token that named it would outlive a demotion. */
export const requireAdmin: RequestHandler = async (req, _res, next) => {
  const member = await find(req.user.id);
  if (member?.role === "admin" && member.active) return next();
  throw createError(403, "Only admins may do this.");
};
