"""reports by zone: hours know their zone, tallies what was lost to faults, and which edition of them they are"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLACE = ("station_id", "zone_id", "business_day", "played_seconds", "begun", "ended", "unused", "ended_seconds")
LOST = ("given_seconds", "closed_seconds")


def upgrade() -> None:
    _forget()
    op.add_column("tally_day", sa.Column("edition", sa.SmallInteger(), nullable=False, server_default="0"))
    for table in ("tally_day", "tally_station"):
        for name in LOST:
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_tally_station_place", table_name="tally_station")
    op.create_index("ix_tally_station_place", "tally_station", [*PLACE, *LOST])
    op.drop_table("tally_hour")
    op.create_table(
        "tally_hour",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.SmallInteger(), autoincrement=False, nullable=False),
        # A server of before, which knows no zones, still adds its rows; they are made again.
        sa.Column("seq", sa.SmallInteger(), autoincrement=False, nullable=False, server_default="1"),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("played_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_tally_hour_zone_id_zone")),
        sa.PrimaryKeyConstraint("business_day", "weekday", "hour", "seq", name=op.f("pk_tally_hour")),
    )
    compensations = sa.text("kind = 'compensation'")
    op.create_index(
        "ix_session_grant_compensation",
        "session_grant",
        ["granted_at"],
        sqlite_where=compensations,
        postgresql_where=compensations,
    )


def downgrade() -> None:
    _forget()
    op.drop_index("ix_session_grant_compensation", table_name="session_grant")
    op.drop_table("tally_hour")
    op.create_table(
        "tally_hour",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("played_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("business_day", "weekday", "hour", name=op.f("pk_tally_hour")),
    )
    op.drop_index("ix_tally_station_place", table_name="tally_station")
    op.create_index("ix_tally_station_place", "tally_station", list(PLACE))
    for table in ("tally_day", "tally_station"):
        for name in LOST:
            op.drop_column(table, name)
    op.drop_column("tally_day", "edition")


def _forget() -> None:
    """Derived data: what is deleted here is made again."""
    for table in ("tally_day", "tally_station", "tally_hour", "tally_reason"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
