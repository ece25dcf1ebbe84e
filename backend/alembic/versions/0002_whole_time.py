"""whole time: confirmation, pauses and moves, the venue's limits, what the floor needs around them"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _venues()
    _stations()
    _sessions()
    _reports()


def downgrade() -> None:
    _un_reports()
    _un_sessions()
    _un_stations()
    _un_venues()


def _venues() -> None:
    # Numbers with a default are added natively, so SQLite needn't rebuild tables that others point to.
    op.add_column("venue", sa.Column("max_pause_minutes", sa.Integer(), nullable=False, server_default="30"))
    op.add_column("venue", sa.Column("unconfirmed_seconds", sa.Integer(), nullable=False, server_default="30"))
    op.add_column("venue", sa.Column("never_opened_seconds", sa.Integer(), nullable=False, server_default="600"))
    op.add_column("venue", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def _un_venues() -> None:
    for name in ("version", "never_opened_seconds", "unconfirmed_seconds", "max_pause_minutes"):
        op.drop_column("venue", name)


def _stations() -> None:
    instant = sa.DateTime(timezone=True)
    for name in ("live_since", "service_since"):
        op.add_column("station", sa.Column(name, instant, nullable=True))
    op.add_column("station", sa.Column("last_session_id", sa.Uuid(), nullable=True))
    op.execute(  # a session that is live across the upgrade has its PC watched, too
        "UPDATE station SET live_since = (SELECT max(from_at) FROM session_seat"
        " WHERE session_seat.station_id = station.id AND session_seat.to_at IS NULL)"
        " WHERE live_session_id IS NOT NULL"
    )
    for name in ("disconnected_at", "unlocked_since", "locked_at"):
        op.add_column("station_presence", sa.Column(name, instant, nullable=True))
    op.create_table(
        "station_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("from_at", instant, nullable=False),
        sa.Column("to_at", instant, nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ran_without_session', 'absent_in_session', 'helper_down', 'not_enforced', 'maintenance_use')",
            name=op.f("ck_station_activity_kind"),
        ),
        sa.CheckConstraint("to_at >= from_at", name=op.f("ck_station_activity_to_at")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_activity_station_id_station")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["game_session.id"], name=op.f("fk_station_activity_session_id_game_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_activity")),
    )
    open_ = sa.text("to_at IS NULL")
    op.create_index(
        "uq_station_activity_open",
        "station_activity",
        ["station_id", "kind"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.create_index("ix_station_activity_from_at", "station_activity", ["from_at"])
    op.create_table(
        "station_command",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("command", sa.String(length=16), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "command IN ('lock', 'message', 'restart', 'shutdown', 'log_off')",
            name=op.f("ck_station_command_command"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'done', 'failed', 'expired')", name=op.f("ck_station_command_state")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_command_station_id_station")),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_station_command_actor_id_staff")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["game_session.id"], name=op.f("fk_station_command_session_id_game_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_command")),
    )
    op.create_index(
        "ix_station_command_station_id_created_at_id", "station_command", ["station_id", "created_at", "id"]
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_station_command_unfinished",
        "station_command",
        ["created_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "enrolment_code",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_enrolment_code_station_id_station")),
        sa.PrimaryKeyConstraint("station_id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_code_hash")),
    )
    op.create_table(
        "station_metric",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("cpu_percent", sa.Float(), nullable=True),
        sa.Column("memory_percent", sa.Float(), nullable=True),
        sa.Column("disk_percent", sa.Float(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_metric_station_id_station")),
        sa.PrimaryKeyConstraint("station_id", "at", name=op.f("pk_station_metric")),
    )
    op.create_index(op.f("ix_station_metric_at"), "station_metric", ["at"])
    _takeovers_and_instances()


def _takeovers_and_instances() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("station_presence", sa.Column("takeovers", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("station_presence", sa.Column("flapping_at", instant, nullable=True))
    op.create_table(
        "server_instance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("beat_at", instant, nullable=False),
        sa.Column("runs_jobs", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_instance")),
    )


def _un_stations() -> None:
    op.drop_table("server_instance")
    for name in ("flapping_at", "takeovers"):
        op.drop_column("station_presence", name)
    op.drop_table("station_metric")
    op.drop_table("enrolment_code")
    op.drop_table("station_command")
    op.drop_table("station_activity")
    for name in ("locked_at", "unlocked_since", "disconnected_at"):
        op.drop_column("station_presence", name)
    for name in ("last_session_id", "service_since", "live_since"):
        op.drop_column("station", name)


SEAT_INSTANTS = ("asked_at", "sent_at", "failed_at", "unconfirmed_at", "over_at", "closed_at", "opened_at")


def _sessions() -> None:
    op.add_column("session_seat", sa.Column("hostname", sa.String(length=255), nullable=True))
    for name in SEAT_INSTANTS:
        op.add_column("session_seat", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_game_session_ended_at", "game_session", ["ended_at"])
    op.drop_index("ix_session_seat_station_id_from_at", "session_seat")
    op.create_index("ix_session_seat_station_id_to_at_from_at", "session_seat", ["station_id", "to_at", "from_at"])
    op.add_column("game_session", sa.Column("ended_by_name", sa.String(length=200), nullable=True))
    op.add_column("session_gap", sa.Column("actor_name", sa.String(length=200), nullable=True))


def _un_sessions() -> None:
    op.drop_column("session_gap", "actor_name")
    op.drop_column("game_session", "ended_by_name")
    op.drop_index("ix_session_seat_station_id_to_at_from_at", "session_seat")
    op.create_index("ix_session_seat_station_id_from_at", "session_seat", ["station_id", "from_at"])
    op.drop_index("ix_game_session_ended_at", "game_session")
    for name in (*reversed(SEAT_INSTANTS), "hostname"):
        op.drop_column("session_seat", name)


def _reports() -> None:
    anomaly = sa.text("type LIKE 'ANOMALY%'")
    op.create_index("ix_event_anomaly_at_id", "event", ["at", "id"], sqlite_where=anomaly, postgresql_where=anomaly)
    op.create_index("ix_session_seat_to_at_from_at", "session_seat", ["to_at", "from_at"])
    state = op.create_table(
        "tally_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_state")),
    )
    op.bulk_insert(state, [{"id": 1, "event_id": 0}])
    op.create_table(
        "tally_day",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("business_day", name=op.f("pk_tally_day")),
    )
    op.create_table(
        "tally_station",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        *_sums(),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_tally_station_station_id_station")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_tally_station_zone_id_zone")),
        sa.PrimaryKeyConstraint("business_day", "station_id", "seq", name=op.f("pk_tally_station")),
    )
    sums = ["played_seconds", "begun", "ended", "unused", "ended_seconds"]
    op.create_index("ix_tally_station_place", "tally_station", ["station_id", "zone_id", "business_day", *sums])
    op.create_table(
        "tally_hour",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("played_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("business_day", "weekday", "hour", name=op.f("pk_tally_hour")),
    )
    op.create_table(
        "tally_reason",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("end_reason", sa.String(length=32), nullable=False),
        *_sums()[2:],
        sa.PrimaryKeyConstraint("business_day", "end_reason", name=op.f("pk_tally_reason")),
    )


def _sums() -> list[sa.Column[int]]:
    names = ("played_seconds", "begun", "ended", "unused", "ended_seconds")
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _un_reports() -> None:
    for table in ("tally_reason", "tally_hour", "tally_station", "tally_day", "tally_state"):
        op.drop_table(table)
    op.drop_index("ix_session_seat_to_at_from_at", "session_seat")
    op.drop_index("ix_event_anomaly_at_id", "event")
