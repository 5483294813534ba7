import { model, Schema } from "mongoose";

/** A deleted link stays as a tombstone without its content: its code, printed somewhere, must never lead elsewhere. */
export interface Link {
  id: string;
  ownerId: string;
  code: string;
  /** The code in lower case: no two codes may differ only in that. */
  codeKey: string;
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

/** The id is MongoDB's own `_id`. Counters remember the last batch of clicks that they took. */
export type StoredLink = Omit<Link, "id"> & { _id: string; lastBatch?: string };

interface StoredClicks {
  linkId: string;
  day: string;
  host: string | null;
  count: number;
  lastBatch?: string;
}

const options = { versionKey: false, id: false } as const;
const now = { type: Date, default: () => new Date() };

export const LinkModel = model(
  "Link",
  new Schema<StoredLink>(
    {
      _id: String,
      ownerId: String,
      code: String,
      codeKey: String,
      url: String,
      enabled: { type: Boolean, default: true },
      expiresAt: Date,
      clicks: { type: Number, default: 0 },
      version: { type: Number, default: 1 },
      createdAt: now,
      updatedAt: now,
      deletedAt: { type: Date, default: null },
      lastBatch: String,
    },
    options,
  ),
);

export const ClicksModel = model(
  "Clicks",
  new Schema<StoredClicks>(
    { linkId: String, day: String, host: String, count: Number, lastBatch: String },
    options,
  ),
  "clicks",
);
