import { type CreationAttributes, literal, Op, QueryTypes, type Transaction } from "sequelize";
import { inTransaction, sequelize } from "../../db.ts";
import type { ClickBatch } from "./clicks.ts";
import { Link } from "./links.model.ts";
import type { LinkKey, LinkQuery, LinkUpdate } from "./links.schema.ts";

const MAX_GROUPS = 100;
const ROWS_PER_STATEMENT = 500;

export const insert = (link: CreationAttributes<Link>) => Link.create(link);

/** Exactly this code, deleted or not. The key has the index. */
export const findByCode = (code: string) =>
  Link.findOne({ where: { codeKey: code.toLowerCase(), code } });

export const find = (key: LinkKey) => Link.findOne({ where: { ...key, deletedAt: null } });

/** The newest first, only those after the cursor. */
export function list(ownerId: string, { q, cursor, limit }: LinkQuery) {
  const after = cursor && { id: { [Op.lt]: cursor } };
  const matching = q && { [Op.and]: contains(q) };
  const where = { ownerId, deletedAt: null, ...after, ...matching };
  return Link.findAll({ where, order: [["id", "DESC"]], limit });
}

/** `%` and `_` in what the user typed are characters, not wildcards. */
function contains(text: string) {
  const pattern = sequelize.escape(`%${text.replaceAll(/[!%_]/g, "!$&")}%`);
  const like = `LIKE lower(${pattern}) ESCAPE '!'`;
  return literal(`(lower(code) ${like} OR lower(url) ${like})`);
}

/** In one step: two clients that look first could both edit the same version. Null when there is no such link. */
export function update(key: LinkKey, changes: LinkUpdate) {
  return inTransaction(async (transaction) => {
    const where = { ...key, deletedAt: null };
    const [changed] = await Link.update({ ...changes, ...edited() }, { where, transaction });
    return changed === 1 ? await Link.findByPk(key.id, { transaction }) : null;
  });
}

/** Leaves tombstones: the code stays taken, and all else is overwritten. */
export async function erase(key: Partial<LinkKey>, transaction: Transaction) {
  const where = { ...key, deletedAt: null };
  // In the order of their ids, as in `addClicks`: two transactions cannot wait for each other's rows.
  const found = await Link.findAll({ where, order: ["id"], lock: true, transaction });
  const id = found.map((link) => link.id);
  if (id.length === 0) return [];
  const tombstone = { ownerId: "", url: "", expiresAt: null, clicks: 0, deletedAt: new Date() };
  await Link.update({ ...tombstone, ...edited() }, { where: { id }, transaction });
  const replacements = { id };
  await sequelize.query("DELETE FROM clicks WHERE link_id IN (:id)", { replacements, transaction });
  return Link.findAll({ where: { id }, transaction });
}

const edited = () => ({ version: literal("version + 1"), updatedAt: new Date() });

/**
 * One transaction a batch. When the connection breaks during the commit, nobody knows whether it was carried out: the
 * batch is sent again, and its number, which the same transaction stored, shows that it is an old one.
 */
export function addClicks({ writer, sequence, clicks }: ClickBatch): Promise<void> {
  return inTransaction(async (transaction) => {
    const fresh = await sequelize.query(
      `INSERT INTO click_writers (writer, sequence) VALUES (:writer, :sequence)
       ON CONFLICT (writer) DO UPDATE SET sequence = excluded.sequence
       WHERE click_writers.sequence < excluded.sequence RETURNING writer`,
      { type: QueryTypes.SELECT, replacements: { writer, sequence }, transaction },
    );
    if (fresh.length === 0) return;
    const sorted = clicks.toSorted((a, b) => (a.linkId < b.linkId ? -1 : 1));
    for (let start = 0; start < sorted.length; start += ROWS_PER_STATEMENT) {
      await addRows(sorted.slice(start, start + ROWS_PER_STATEMENT), transaction);
    }
  });
}

async function addRows(rows: ClickBatch["clicks"], transaction: Transaction) {
  const where = { id: rows.map(({ linkId }) => linkId), deletedAt: null };
  const found = await Link.findAll({ where, order: ["id"], lock: true, transaction });
  const alive = new Set(found.map((link) => link.id)); // clicks of a deleted link must not come back
  const values = rows
    .filter(({ linkId }) => alive.has(linkId))
    .map(({ linkId, day, host, count }) => [linkId, day, host ?? "", count]);
  if (values.length === 0) return;
  const options = { replacements: { values }, transaction };
  await sequelize.query(
    `INSERT INTO clicks (link_id, day, host, count) VALUES :values
     ON CONFLICT (link_id, day, host) DO UPDATE SET count = clicks.count + excluded.count`,
    options,
  );
  await sequelize.query(
    `UPDATE links SET clicks = links.clicks + added.clicks FROM
     (SELECT column1 AS id, sum(column4) AS clicks FROM (VALUES :values) AS v GROUP BY column1) AS added
     WHERE links.id = added.id`,
    options,
  );
}

/** The clicks of a link since a day, added up by day or by referring host. */
export async function sumClicks(linkId: string, since: string, by: "day" | "host") {
  const sums = await sequelize.query<{ name: string; clicks: string }>(
    `SELECT ${by} AS name, sum(count) AS clicks FROM clicks WHERE link_id = :linkId AND day >= :since
     GROUP BY ${by} ORDER BY clicks DESC, name LIMIT ${MAX_GROUPS}`,
    { type: QueryTypes.SELECT, replacements: { linkId, since } },
  );
  return sums.map(({ name, clicks }) => ({ name: name || null, clicks: Number(clicks) }));
}
