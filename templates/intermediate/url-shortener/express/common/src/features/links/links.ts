import type { Transaction } from "../../db.ts";

/** A short link. A deleted one stays as a tombstone: its code, printed somewhere, must never lead elsewhere. */
export interface Link {
  id: string;
  ownerId: string;
  code: string;
  url: string;
  enabled: boolean;
  expiresAt: Date | null;
  clicks: number;
  /** Grows with every edit, not with clicks: the ETag, and the order of cached states. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export type LinkChanges = { [K in "url" | "enabled" | "expiresAt"]?: Link[K] | undefined };

export interface LinkPage {
  /** Substring of code or URL, without regard to case. */
  q?: string | undefined;
  /** Only links older than this id. */
  before?: string | undefined;
  limit: number;
}

/** Clicks of one link on one day (UTC) from one referring host; no host is null. */
export interface Clicks {
  linkId: string;
  day: string;
  host: string | null;
  count: number;
}

/**
 * Clicks to add, once: `writer` and `sequence` let the database recognise a batch that it has already seen. What is
 * known to be written may be taken out of `clicks`.
 */
export interface ClickBatch {
  writer: string;
  sequence: number;
  clicks: Clicks[];
}

export interface ClickStats {
  perDay: Map<string, number>;
  referrers: { host: string | null; clicks: number }[];
}

/** What the feature needs of a database. */
export interface LinkRepository {
  /** False when the code is taken, also by a deleted link, without regard to case. */
  insert(link: Link): Promise<boolean>;
  /** Exactly this code, deleted or not. */
  findByCode(code: string): Promise<Link | undefined>;
  find(ownerId: string, id: string): Promise<Link | undefined>;
  list(ownerId: string, page: LinkPage): Promise<Link[]>;
  /**
   * Changes a link in one step and returns its new state; undefined when there is no such link, or when `versions`
   * are given and it is at none of them. Looking first would let two clients edit the same version.
   */
  update(
    ownerId: string,
    id: string,
    changes: LinkChanges & { deletedAt?: Date },
    versions: number[] | undefined,
  ): Promise<Link | undefined>;
  /** Deletes all links of an account; returns them as they are now. */
  deleteAll(ownerId: string, tx: Transaction): Promise<Link[]>;
  addClicks(batch: ClickBatch): Promise<void>;
  stats(linkId: string, fromDay: string): Promise<ClickStats>;
}
