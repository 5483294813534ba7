import {
  DataTypes,
  literal,
  type Model,
  Op,
  QueryTypes,
  type Sequelize,
  type Transaction,
  UniqueConstraintError,
} from "sequelize";
import type { Database } from "../../db.ts";
import type { ClickBatch, ClickStats, Link, LinkChanges, LinkRepository } from "./links.ts";

const MAX_REFERRERS = 100;
const ROWS_PER_STATEMENT = 500;

type Row = Link & { codeKey: string };

export function createLinkRepository(db: Database): LinkRepository {
  const rows = defineRows(db.sequelize);

  return {
    async insert(link) {
      try {
        await rows.create({ ...link, codeKey: link.code.toLowerCase() });
        return true;
      } catch (error) {
        if (error instanceof UniqueConstraintError) return false;
        throw error;
      }
    },

    async findByCode(code) {
      // By the key, which has the index; then exactly.
      const row = await rows.findOne({ where: { codeKey: code.toLowerCase(), code } });
      return row ? toLink(row) : undefined;
    },

    async find(ownerId, id) {
      const row = await rows.findOne({ where: { id, ownerId, deletedAt: null } });
      return row ? toLink(row) : undefined;
    },

    async list(ownerId, { q, before, limit }) {
      const found = await rows.findAll({
        where: {
          ownerId,
          deletedAt: null,
          ...(before && { id: { [Op.lt]: before } }),
          ...(q && { [Op.and]: contains(db.sequelize, q) }),
        },
        order: [["id", "DESC"]],
        limit,
      });
      return found.map(toLink);
    },

    update: (ownerId, id, changes, versions) =>
      db.transaction(async (transaction) => {
        const where = { id, ownerId, deletedAt: null, ...(versions && { version: versions }) };
        const [changed] = await rows.update(edited(changes), { where, transaction });
        if (changed === 0) return undefined;
        const row = await rows.findByPk(id, { transaction, rejectOnEmpty: true });
        return toLink(row);
      }),

    async deleteAll(ownerId, transaction) {
      const where = { ownerId, deletedAt: null };
      const alive = await rows.findAll({ attributes: ["id"], where, transaction });
      const ids = alive.map((row) => row.get().id);
      await rows.update(edited({ deletedAt: new Date() }), { where: { id: ids }, transaction });
      const deleted = await rows.findAll({ where: { id: ids }, transaction });
      return deleted.map(toLink);
    },

    addClicks: (batch) => db.transaction((tx) => addClicks(db.sequelize, batch, tx)),

    stats: (linkId, fromDay) => readStats(db.sequelize, linkId, fromDay),
  };
}

/** Sequelize takes `undefined` for NULL in an update, so members without a value are left out. */
function edited(changes: LinkChanges & { deletedAt?: Date }) {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), version: literal("version + 1"), updatedAt: new Date() };
}

/** `%` and `_` in what the user typed are characters, not wildcards. */
function contains(sequelize: Sequelize, text: string) {
  const pattern = sequelize.escape(`%${text.replaceAll(/[!%_]/g, "!$&")}%`);
  return literal(
    `(lower(code) LIKE lower(${pattern}) ESCAPE '!' OR lower(url) LIKE lower(${pattern}) ESCAPE '!')`,
  );
}

/**
 * One transaction a batch. When the connection breaks during the commit, nobody knows whether it happened; the batch
 * is sent again, and the sequence number kept in the same transaction tells that it is an old one.
 */
async function addClicks(sequelize: Sequelize, batch: ClickBatch, transaction: Transaction) {
  const fresh = await sequelize.query(
    `INSERT INTO click_writers (writer, sequence) VALUES (:writer, :sequence)
     ON CONFLICT (writer) DO UPDATE SET sequence = excluded.sequence
     WHERE click_writers.sequence < excluded.sequence
     RETURNING writer`,
    { type: QueryTypes.SELECT, replacements: { ...batch }, transaction },
  );
  if (fresh.length === 0) return;
  // In the same order in every process, or two of them could wait for each other's rows.
  const sorted = batch.clicks.toSorted((a, b) => (a.linkId < b.linkId ? -1 : 1));
  for (let start = 0; start < sorted.length; start += ROWS_PER_STATEMENT) {
    const part = sorted.slice(start, start + ROWS_PER_STATEMENT);
    const values = part.map(({ linkId, day, host, count }) => [linkId, day, host ?? "", count]);
    await sequelize.query(
      `INSERT INTO clicks (link_id, day, host, count) VALUES :values
       ON CONFLICT (link_id, day, host) DO UPDATE SET count = clicks.count + excluded.count`,
      { replacements: { values }, transaction },
    );
    await sequelize.query(
      `UPDATE links SET clicks = links.clicks + added.clicks FROM
       (SELECT column1 AS id, sum(column4) AS clicks FROM (VALUES :values) AS v GROUP BY column1) AS added
       WHERE links.id = added.id`,
      { replacements: { values }, transaction },
    );
  }
}

async function readStats(
  sequelize: Sequelize,
  linkId: string,
  fromDay: string,
): Promise<ClickStats> {
  const options = { type: QueryTypes.SELECT, replacements: { linkId, fromDay } } as const;
  const where = "WHERE link_id = :linkId AND day >= :fromDay";
  const days = await sequelize.query<{ day: string; clicks: number | string }>(
    `SELECT day, sum(count) AS clicks FROM clicks ${where} GROUP BY day`,
    options,
  );
  const hosts = await sequelize.query<{ host: string; clicks: number | string }>(
    `SELECT host, sum(count) AS clicks FROM clicks ${where}
     GROUP BY host ORDER BY clicks DESC, host LIMIT ${MAX_REFERRERS}`,
    options,
  );
  return {
    perDay: new Map(days.map(({ day, clicks }) => [day, Number(clicks)])),
    referrers: hosts.map(({ host, clicks }) => ({ host: host || null, clicks: Number(clicks) })),
  };
}

function toLink(row: Model<Row, Row>): Link {
  const { codeKey: _codeKey, ...link } = row.get();
  // PostgreSQL hands out BIGINT as text, for it may be larger than a number can say.
  return { ...link, clicks: Number(link.clicks) };
}

function defineRows(sequelize: Sequelize) {
  return sequelize.define<Model<Row, Row>>(
    "Link",
    {
      id: { type: DataTypes.STRING(36), primaryKey: true },
      ownerId: DataTypes.STRING(36),
      code: DataTypes.STRING(32),
      codeKey: DataTypes.STRING(32),
      url: DataTypes.TEXT,
      enabled: DataTypes.BOOLEAN,
      expiresAt: DataTypes.DATE(3),
      clicks: DataTypes.BIGINT,
      version: DataTypes.INTEGER,
      createdAt: DataTypes.DATE(3),
      updatedAt: DataTypes.DATE(3),
      deletedAt: DataTypes.DATE(3),
    },
    { tableName: "links" },
  );
}
