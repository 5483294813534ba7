import { model, type QueryFilter, Schema } from "mongoose";
import type { OwnedKey } from "../../schemas.ts";
import type { ClickBatch } from "./clicks.ts";
import type { LinkQuery, LinkUpdate } from "./links.schema.ts";

const MAX_GROUPS = 100;
const CHUNK = 100; // each command must be done within the time-out of `db.ts`
const REMEMBERED = 16; // batches by which a counter recognises one that comes again

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

/** The id is MongoDB's own `_id`. Counters remember the last batches of clicks that they took. */
type StoredLink = Omit<Link, "id"> & { _id: string; batches?: string[] };

interface StoredClicks {
  linkId: string;
  day: string;
  host: string | null;
  count: number;
  batches?: string[];
}

const options = { versionKey: false, id: false } as const;
const LinkModel = model(
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
      createdAt: Date,
      updatedAt: Date,
      deletedAt: { type: Date, default: null },
      batches: { type: [String], default: undefined },
    },
    options,
  ),
);

const ClicksModel = model(
  "Clicks",
  new Schema<StoredClicks>(
    { linkId: String, day: String, host: String, count: Number, batches: [String] },
    options,
  ),
  "clicks",
);

type NewLink = Pick<Link, "id" | "ownerId" | "code" | "codeKey" | "url" | "expiresAt">;

export async function insert({ id, ...link }: NewLink): Promise<Link> {
  const now = new Date();
  const stored = { _id: id, ...link, createdAt: now, updatedAt: now };
  return toLink((await LinkModel.create(stored)).toObject());
}

/** Exactly this code, deleted or not. The key has the index. */
export async function findByCode(code: string): Promise<Link | null> {
  const link = await LinkModel.findOne({ codeKey: code.toLowerCase(), code }).lean();
  return link && toLink(link);
}

export async function find(key: OwnedKey): Promise<Link | null> {
  const link = await LinkModel.findOne(alive(key)).lean();
  return link && toLink(link);
}

function alive({ id, version, ...key }: Partial<OwnedKey>): QueryFilter<StoredLink> {
  const versions = version && { version: { $in: version } };
  return { ...(id && { _id: id }), ...key, ...versions, deletedAt: null };
}

/** The newest first, only those after the cursor. */
export async function list(ownerId: string, { q, cursor, limit }: LinkQuery): Promise<Link[]> {
  const filter = alive({ ownerId });
  if (cursor) filter._id = { $lt: cursor };
  // What the user typed is text, not a pattern: `.*` must not match everything, nor `(a+)+$` take for ever.
  const pattern = q && { $regex: RegExp.escape(q), $options: "i" };
  if (pattern) filter.$or = [{ code: pattern }, { url: pattern }];
  return (await LinkModel.find(filter).sort({ _id: -1 }).limit(limit).lean()).map(toLink);
}

/** Checks and writes in one step, or two clients could both edit the same version. Null when no link matches. */
export async function update(key: OwnedKey, changes: LinkUpdate): Promise<Link | null> {
  const link = await LinkModel.findOneAndUpdate(alive(key), edit(changes), {
    returnDocument: "after",
  }).lean();
  return link && toLink(link);
}

function edit(changes: object) {
  return { $set: { ...changes, updatedAt: new Date() }, $inc: { version: 1 } };
}

/**
 * Leaves tombstones: the code stays taken, and all else is overwritten. The clicks go first. If this stops half-way, the
 * link is still there and can be deleted again.
 */
export async function erase(key: Partial<OwnedKey>): Promise<Link[]> {
  const ids = (await LinkModel.find(alive(key), { _id: 1 }).lean()).map(({ _id }) => _id);
  await ClicksModel.deleteMany({ linkId: { $in: ids } });
  const tombstone = { ownerId: "", url: "", expiresAt: null, clicks: 0, deletedAt: new Date() };
  // With the key once more: the link may have changed since it was looked for.
  await LinkModel.updateMany({ ...alive(key), _id: { $in: ids } }, edit(tombstone));
  await ClicksModel.deleteMany({ linkId: { $in: ids } }); // those that came in since
  const deleted = { _id: { $in: ids }, deletedAt: { $ne: null } };
  return (await LinkModel.find(deleted).lean()).map(toLink);
}

/**
 * A counter takes a batch once: it remembers the last ones, and passes over a write that comes again because the answer
 * to the first was lost. What is confirmed is struck from the batch, so that a retry repeats one chunk at most.
 */
export async function addClicks(batch: ClickBatch): Promise<void> {
  while (batch.clicks.length > 0) {
    const id = `${batch.writer} ${batch.sequence} ${batch.clicks.length}`;
    const chunk = batch.clicks.slice(0, CHUNK);
    await addRows(chunk, id);
    batch.clicks.splice(0, chunk.length);
  }
}

async function addRows(rows: ClickBatch["clicks"], batchId: string): Promise<void> {
  const deleted = { _id: { $in: rows.map(({ linkId }) => linkId) }, deletedAt: { $ne: null } };
  const gone = new Set((await LinkModel.find(deleted, { _id: 1 }).lean()).map(({ _id }) => _id));
  const chunk = rows.filter(({ linkId }) => !gone.has(linkId));
  if (chunk.length === 0) return;
  await ClicksModel.collection.bulkWrite(
    chunk.map(({ linkId, day, host, count }) => {
      const update = addOnce("count", count, batchId);
      return { updateOne: { filter: { linkId, day, host }, update, upsert: true } };
    }),
    { ordered: false },
  );
  // Last, so that whoever sees a total finds the days that make it up.
  await LinkModel.collection.bulkWrite(
    Array.from(
      Map.groupBy(chunk, ({ linkId }) => linkId),
      ([linkId, entries]) => {
        const clicks = entries.reduce((sum, { count }) => sum + count, 0);
        const update = addOnce("clicks", clicks, batchId);
        return { updateOne: { filter: { _id: linkId as never, deletedAt: null }, update } };
      },
    ),
    { ordered: false },
  );
  // A link may have been deleted in the meantime: its clicks must not stay.
  const late = (await LinkModel.find(deleted, { _id: 1 }).lean()).map(({ _id }) => _id);
  if (late.length > 0) await ClicksModel.deleteMany({ linkId: { $in: late } });
}

/** The counter as it is, when it has taken this batch already; else with the clicks added. */
function addOnce(field: string, clicks: number, batchId: string) {
  const known = { $ifNull: ["$batches", []] };
  const taken = { $in: [batchId, known] };
  const sum = { $add: [{ $ifNull: [`$${field}`, 0] }, clicks] };
  const value = { $cond: [taken, `$${field}`, sum] };
  const batches = {
    $cond: [taken, known, { $slice: [{ $concatArrays: [known, [batchId]] }, -REMEMBERED] }],
  };
  return [{ $set: { [field]: value, batches } }];
}

/** The clicks of a link since a day, added up by day or by referring host. */
export async function sumClicks(linkId: string, since: string, by: "day" | "host") {
  const sums = await ClicksModel.aggregate<{ _id: string | null; clicks: number }>([
    { $match: { linkId, day: { $gte: since }, count: { $gt: 0 } } },
    { $group: { _id: `$${by}`, clicks: { $sum: "$count" } } },
    { $sort: { clicks: -1, _id: 1 } },
    { $limit: MAX_GROUPS },
  ]);
  return sums.map(({ _id: name, clicks }) => ({ name, clicks }));
}

function toLink({ _id: id, batches: _batches, ...link }: StoredLink): Link {
  return { id, ...link };
}
