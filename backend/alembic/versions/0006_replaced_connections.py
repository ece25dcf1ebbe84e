"""replaced connections: those that a newer one has taken the station from, until their end is on record"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "station_replaced",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_replaced_station_id_station")),
        sa.PrimaryKeyConstraint("station_id", "epoch", name=op.f("pk_station_replaced")),
    )


def downgrade() -> None:
    op.drop_table("station_replaced")
