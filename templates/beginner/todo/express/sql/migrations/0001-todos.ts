import { DataTypes, type QueryInterface, type Transaction } from "sequelize";

export async function up(db: QueryInterface, transaction: Transaction): Promise<void> {
  const todos = {
    id: { type: DataTypes.STRING(36), primaryKey: true },
    owner_id: { type: DataTypes.STRING(36), allowNull: false },
    title: { type: DataTypes.TEXT, allowNull: false },
    notes: { type: DataTypes.TEXT, allowNull: false },
    done: { type: DataTypes.BOOLEAN, allowNull: false },
    due_date: DataTypes.STRING(10),
    priority: { type: DataTypes.STRING(1), allowNull: false },
    tag_lines: { type: DataTypes.TEXT, allowNull: false },
    version: { type: DataTypes.INTEGER, allowNull: false },
    created_at: { type: DataTypes.DATE(3), allowNull: false },
    updated_at: { type: DataTypes.DATE(3), allowNull: false },
    completed_at: DataTypes.DATE(3),
  };
  await db.createTable("todos", todos, { transaction });
  // For the default order, and for `dueBefore`. The other orders sort all todos of the owner: hundreds, not millions.
  for (const column of ["id", "due_date"]) {
    await db.addIndex("todos", ["owner_id", column], { transaction });
  }
}
