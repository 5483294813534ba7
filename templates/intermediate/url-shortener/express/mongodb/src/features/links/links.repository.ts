import { type Connection, type QueryFilter, Schema } from "mongoose";
import { type Database, isDuplicate } from "../../db.ts";
import type { ClickBatch, ClickStats, Clicks, Link, LinkRepository } from "./links.ts";

const MAX_REFERRERS = 100;
const CHUNK = 500;

type StoredLink = Omit<Link, "id"> & { _id: string; codeKey: string; lastBatch?: string };
type StoredClicks = Clicks & { lastBatch?: string };

const LinkSchema = new Schema<StoredLink>(
  {
    _id: String,
    ownerId: String,
    code: String,
    codeKey: String,
    url: String,
    enabled: Boolean,
    expiresAt: Date,
    clicks: Number,
    version: Number,
    createdAt: Date,
    updatedAt: Date,
    deletedAt: Date,
    lastBatch: String,
  },
  { versionKey: false, id: false },
);

const ClicksSchema = new Schema<StoredClicks>(
  { linkId: String, day: String, host: String, count: Number, lastBatch: String },
  { versionKey: false, id: false },
);

type Models = ReturnType<typeof createModels>;

function createModels(connection: Connection) {
  return {
    links: connection.model("Link", LinkSchema, "links"),
    clicks: connection.model("Clicks", ClicksSchema, "clicks"),
  };
}

export function createLinkRepository({ connection }: Database): LinkRepository {
  const models = createModels(connection);
  const { links } = models;

  return {
    async insert({ id, ...link }) {
      try {
        await links.create({ _id: id, ...link, codeKey: link.code.toLowerCase() });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async findByCode(code) {
      // By the key, which has the index; then exactly.
      const found = await links.findOne({ codeKey: code.toLowerCase(), code }).lean();
      return found ? toLink(found) : undefined;
    },

    async find(ownerId, id) {
      const found = await links.findOne({ _id: id, ownerId, deletedAt: null }).lean();
      return found ? toLink(found) : undefined;
    },

    async list(ownerId, { q, before, limit }) {
      const filter: QueryFilter<StoredLink> = { ownerId, deletedAt: null };
      if (before) filter._id = { $lt: before };
      // What the user typed is text, not a pattern: `.*` must not match everything, nor `(a+)+$` take for ever.
      const pattern = q && { $regex: RegExp.escape(q), $options: "i" };
      if (pattern) filter.$or = [{ code: pattern }, { url: pattern }];
      const found = await links.find(filter).sort({ _id: -1 }).limit(limit).lean();
      return found.map(toLink);
    },

    async update(ownerId, id, changes, versions) {
      const filter: QueryFilter<StoredLink> = { _id: id, ownerId, deletedAt: null };
      if (versions) filter.version = { $in: versions };
      const update = { $set: { ...changes, updatedAt: new Date() }, $inc: { version: 1 } };
      const updated = await links
        .findOneAndUpdate(filter, update, { returnDocument: "after" })
        .lean();
      return updated ? toLink(updated) : undefined;
    },

    async deleteAll(ownerId) {
      const now = new Date();
      const alive = await links.find({ ownerId, deletedAt: null }, { _id: 1 }).lean();
      const filter = { _id: { $in: alive.map(({ _id }) => _id) } };
      await links.updateMany(
        { ...filter, deletedAt: null },
        { $set: { deletedAt: now, updatedAt: now }, $inc: { version: 1 } },
      );
      return (await links.find(filter).lean()).map(toLink);
    },

    addClicks: (batch) => addClicks(models, batch),

    stats: (linkId, fromDay) => readStats(models, linkId, fromDay),
  };
}

/**
 * A counter takes a batch once: it remembers the last one, and passes over a write that comes again because the answer
 * to the first was lost. What is confirmed is struck from the batch, so that a retry repeats one chunk at most.
 * (Two processes that both lose an answer for the same counter may still count one chunk twice; a replica set, with
 * transactions, would not.)
 */
async function addClicks({ links, clicks }: Models, batch: ClickBatch): Promise<void> {
  while (batch.clicks.length > 0) {
    const lastBatch = `${batch.writer} ${batch.sequence} ${batch.clicks.length}`;
    const chunk = batch.clicks.slice(0, CHUNK);
    const totals = Map.groupBy(chunk, (entry) => entry.linkId);

    // The document first, then its count: an upsert that also asks for the batch would insert a second one.
    await clicks.bulkWrite(
      chunk.map(({ linkId, day, host }) => ({
        updateOne: {
          filter: { linkId, day, host },
          update: { $setOnInsert: { count: 0 } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    await clicks.bulkWrite(
      chunk.map(({ linkId, day, host, count }) => ({
        updateOne: {
          filter: { linkId, day, host, lastBatch: { $ne: lastBatch } },
          update: { $inc: { count }, $set: { lastBatch } },
        },
      })),
      { ordered: false },
    );
    // Last, so that whoever sees a total finds the days that make it up.
    await links.bulkWrite(
      Array.from(totals, ([linkId, entries]) => ({
        updateOne: {
          filter: { _id: linkId, lastBatch: { $ne: lastBatch } },
          update: { $inc: { clicks: sum(entries) }, $set: { lastBatch } },
        },
      })),
      { ordered: false },
    );
    batch.clicks.splice(0, chunk.length);
  }
}

function sum(entries: Clicks[]): number {
  return entries.reduce((total, { count }) => total + count, 0);
}

async function readStats({ clicks }: Models, linkId: string, fromDay: string): Promise<ClickStats> {
  const match = { $match: { linkId, day: { $gte: fromDay }, count: { $gt: 0 } } };
  const [days, hosts] = await Promise.all([
    clicks.aggregate<{ _id: string; clicks: number }>([
      match,
      { $group: { _id: "$day", clicks: { $sum: "$count" } } },
    ]),
    clicks.aggregate<{ _id: string | null; clicks: number }>([
      match,
      { $group: { _id: "$host", clicks: { $sum: "$count" } } },
      { $sort: { clicks: -1, _id: 1 } },
      { $limit: MAX_REFERRERS },
    ]),
  ]);
  return {
    perDay: new Map(days.map((day) => [day._id, day.clicks])),
    referrers: hosts.map((host) => ({ host: host._id, clicks: host.clicks })),
  };
}

function toLink({ _id: id, codeKey: _codeKey, lastBatch: _lastBatch, ...link }: StoredLink): Link {
  return { id, ...link };
}
