import { cache } from "../../cache.ts";
import type { Link } from "./links.repository.ts";
import { toLocation } from "./target.ts";

const LINK_MS = 60_000;
const UNKNOWN_MS = 5_000;

/** What a redirect needs to know of a code. */
export interface Target {
  linkId: string;
  /** Null when the link is disabled or deleted. */
  location: string | null;
  /** Milliseconds since 1970. */
  expiresAt: number | null;
}

/** Null for a code that does not exist, undefined for one that must be looked up. */
export const findCached = (code: string) =>
  cache.get(`link:${code}`) as Promise<Target | null | undefined>;

/** After the commit. Writers store the new state: if they only removed the old one, a slow reader could put it back. */
export async function storeLink(link: Link): Promise<Target> {
  const target: Target = {
    linkId: link.id,
    location: link.enabled && !link.deletedAt ? toLocation(link.url) : null,
    expiresAt: link.expiresAt?.getTime() ?? null,
  };
  await cache.put(`link:${link.code}`, target, link.version, LINK_MS);
  return target;
}

/** Otherwise whoever asks for random codes reaches the database each time. Version 0 gives way to every link. */
export async function storeUnknown(code: string): Promise<null> {
  await cache.put(`link:${code}`, null, 0, UNKNOWN_MS);
  return null;
}
