import * as sql from "sequelize";
import { contains, sequelize } from "../../db.ts";
import type { OwnedKey } from "../../schemas.ts";
import type { ClickBatch } from "./clicks.ts";
import type { LinkQuery, LinkUpdate } from "./links.schema.ts";

const { DataTypes, Op, QueryTypes } = sql;
const MAX_GROUPS = 100;
const ROWS_PER_STATEMENT = 500;

/** A deleted link stays as a tombstone without its content: its code, printed somewhere, must never lead elsewhere. */
export class Link extends sql.Model<sql.InferAttributes<Link>, sql.InferCreationAttributes<Link>> {
  declare id: string;
  declare ownerId: string;
  declare code: string;
  /** The code in lower case: no two codes may differ only in that. */
  declare codeKey: string;
  declare url: string;
  declare enabled: sql.CreationOptional<boolean>;
  declare expiresAt: Date | null;
  declare clicks: sql.CreationOptional<number>;
  /** Grows with every edit, not with clicks: the ETag, and the order of cached states. */
  declare version: sql.CreationOptional<number>;
  declare createdAt: sql.CreationOptional<Date>;
  declare updatedAt: sql.CreationOptional<Date>;
  declare deletedAt: sql.CreationOptional<Date | null>;
}

Link.init(
  {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    ownerId: DataTypes.STRING(36),
    code: DataTypes.STRING(32),
    codeKey: DataTypes.STRING(32),
    url: DataTypes.TEXT,
    enabled: { type: DataTypes.BOOLEAN, defaultValue: true },
    expiresAt: DataTypes.DATE(3),
    clicks: {
      type: DataTypes.BIGINT,
      defaultValue: 0,
      // PostgreSQL returns BIGINT as text, since it may be larger than a number can hold.
      get() {
        return Number(this.getDataValue("clicks"));
      },
    },
    version: { type: DataTypes.INTEGER, defaultValue: 1 },
    createdAt: DataTypes.DATE(3),
    updatedAt: DataTypes.DATE(3),
    deletedAt: DataTypes.DATE(3),
  },
  { sequelize, tableName: "links", timestamps: true },
);

export const insert = (link: sql.CreationAttributes<Link>) => Link.create(link);

/** Exactly this code, deleted or not. The key has the index. */
export const findByCode = (code: string) =>
  Link.findOne({ where: { codeKey: code.toLowerCase(), code } });

export const find = (key: OwnedKey) => Link.findOne({ where: { ...key, deletedAt: null } });

/** The newest first, only those after the cursor. */
export function list(ownerId: string, { q, cursor, limit }: LinkQuery) {
  const after = cursor && { id: { [Op.lt]: cursor } };
  const matching = q && { [Op.and]: contains(q, "code", "url") };
  const where = { ownerId, deletedAt: null, ...after, ...matching };
  return Link.findAll({ where, order: [["id", "DESC"]], limit });
}

/** Checks and writes in one step, or two clients could both edit the same version. Null when no link matches. */
export function update(key: OwnedKey, changes: LinkUpdate) {
  return sequelize.transaction(async (transaction) => {
    const where = { ...key, deletedAt: null };
    const [changed] = await Link.update({ ...changes, ...edited() }, { where, transaction });
    return changed === 1 ? await Link.findByPk(key.id, { transaction }) : null;
  });
}

/** Leaves tombstones: the code stays taken, and all else is overwritten. */
export function erase(key: Partial<OwnedKey>) {
  return sequelize.transaction(async (transaction) => {
    const id = await lockLinks(key, transaction);
    if (id.length === 0) return [];
    const tombstone = { ownerId: "", url: "", expiresAt: null, clicks: 0, deletedAt: new Date() };
    await Link.update({ ...tombstone, ...edited() }, { where: { id }, transaction });
    const clicks = "DELETE FROM clicks WHERE link_id IN (:id)";
    await sequelize.query(clicks, { replacements: { id }, transaction });
    return Link.findAll({ where: { id }, transaction });
  });
}

/** Locks the links that are not deleted. Always in the order of their ids, or two transactions could deadlock. */
async function lockLinks(key: sql.WhereOptions<Link>, transaction: sql.Transaction) {
  const where = { ...key, deletedAt: null };
  const links = await Link.findAll({ where, order: ["id"], lock: true, transaction });
  return links.map(({ id }) => id);
}

const edited = () => ({ version: sql.literal("version + 1") });

/**
 * One transaction a batch. When the connection breaks during the commit, nobody knows whether it was carried out: the
 * batch is sent again, and its number, which the same transaction stored, shows that it is an old one.
 */
export function addClicks({ writer, sequence, clicks }: ClickBatch): Promise<void> {
  return sequelize.transaction(async (transaction) => {
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

async function addRows(rows: ClickBatch["clicks"], transaction: sql.Transaction) {
  const alive = new Set(await lockLinks({ id: rows.map(({ linkId }) => linkId) }, transaction));
  // Clicks of a link that was deleted in the meantime are dropped.
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
