"""Links and their clicks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("code_key", sa.String(32), nullable=False, unique=True),
        sa.Column("url", sa.Text()),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_links_owner_id_id", "links", ["owner_id", "id"])
    op.create_table(
        "link_clicks",
        sa.Column("link_id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("host", sa.String(253), primary_key=True),
        sa.Column("clicks", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "click_batches",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("click_batches")
    op.drop_table("link_clicks")
    op.drop_table("links")
