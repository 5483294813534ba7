"""Favourites."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "favorites",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("lat", sa.Float(53), nullable=False),
        sa.Column("lon", sa.Float(53), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    place = ["owner_id", "lat", "lon"]
    op.create_index("ix_favorites_owner_id_lat_lon", "favorites", place, unique=True)
    op.create_index("ix_favorites_owner_id_id", "favorites", ["owner_id", "id"])


def downgrade() -> None:
    op.drop_table("favorites")
