import type { Request } from "express";
import { v7 as uuidv7 } from "uuid";
import { insert } from "./events.repository.ts";

/** @param userAgent - of the owner's device; null for what somebody else did */
export async function recordEvent(userId: string, type: string, userAgent: string | null) {
  await insert({ id: uuidv7(), userId, type, userAgent });
}

/** What a client says of itself: any text. */
export const userAgentOf = (req: Pick<Request, "get">) =>
  req.get("User-Agent")?.slice(0, 200) || null;
