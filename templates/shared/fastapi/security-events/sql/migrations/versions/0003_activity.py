"""Details of sessions, and events."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A session that is older than this has no times: it ends, and its user signs in again.
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=False))
        sessions.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False))
        sessions.add_column(sa.Column("user_agent", sa.String(200)))
    op.create_table(
        "security_events",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_agent", sa.String(200)),
    )
    op.create_index("ix_security_events_user_id_id", "security_events", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("security_events")
    with op.batch_alter_table("sessions") as sessions:
        for column in ("user_agent", "last_seen_at", "created_at"):
            sessions.drop_column(column)
