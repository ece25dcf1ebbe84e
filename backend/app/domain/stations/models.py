"""Tables of stations, their agents' tokens, their presence and what agents have sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Station(Base):
    """A place to play. Service, presence and occupancy are stored apart; `status` is computed from them."""

    __tablename__ = "station"
    __table_args__ = (
        Index(
            "uq_station_name_in_use",
            "name",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
        CheckConstraint("kind IN ('pc', 'console', 'vr', 'other')", name="kind"),
        CheckConstraint("driver IN ('agent', 'manual')", name="driver"),
        CheckConstraint("service IN ('available', 'maintenance', 'retired')", name="service"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    venue_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("venue.id"))
    zone_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("zone.id"))
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16), default="pc")
    driver: Mapped[str] = mapped_column(String(16), default="agent")
    service: Mapped[str] = mapped_column(String(16), default="available")
    x: Mapped[int | None] = mapped_column(Integer)
    y: Mapped[int | None] = mapped_column(Integer)
    w: Mapped[int | None] = mapped_column(Integer)
    h: Mapped[int | None] = mapped_column(Integer)
    maintenance_note: Mapped[str | None] = mapped_column(String(120))
    # Set only by `occupy` and `release`. No foreign key: sessions point here, and a circle helps nobody.
    live_session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    live_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    free_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When `service` last changed; None: not since the station was made.
    service_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AgentToken(Base):
    """The hash of a token. At most one of a station isn't revoked."""

    __tablename__ = "agent_token"
    __table_args__ = (
        Index(
            "uq_agent_token_station_live",
            "station_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EnrolmentCode(Base):
    """The hash of a station's newest enrolment code. A code is good once, until it expires."""

    __tablename__ = "enrolment_code"

    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Presence(Base):
    """Who holds a station's socket, and what its agent said last. A higher epoch is a newer connection."""

    __tablename__ = "station_presence"

    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(String(32))
    epoch: Mapped[int] = mapped_column(Integer)
    connected: Mapped[bool]
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    disconnected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked: Mapped[bool | None]
    # Since when the heartbeats of one connection say `locked: false`; None when the last word was another.
    unlocked_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the PC last said that it had become locked.
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hostname: Mapped[str | None] = mapped_column(String(255))
    agent_version: Mapped[str | None] = mapped_column(String(64))
    # Seconds since the epoch of the last times that a newer connection took the station from one that was still open.
    takeovers: Mapped[list[float]] = mapped_column(JSON, default=list)
    # When a newcomer was last refused for too many of them.
    flapping_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the hello said is in force there: warning_seconds, grace_seconds, auto_lock, auto_logout, lock_mode.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # And of its PC: os, cpu, ram, capabilities, clock_offset_seconds.
    pc: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class Replaced(Base):
    """A connection that a newer one has taken its station from, until its end is on record."""

    __tablename__ = "station_replaced"

    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    instance_id: Mapped[str] = mapped_column(String(32))
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgentMessage(Base):
    """Ids of messages that took effect, so that a repeated one doesn't again."""

    __tablename__ = "agent_message"

    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Activity(Base):
    """An anomaly as an interval in whole seconds; `to_at` None: it lasts. Kinds may overlap: never add them up.

    `evidence` is JSON: what the server had been told when it drew the conclusion.
    """

    __tablename__ = "station_activity"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('ran_without_session', 'absent_in_session', 'helper_down', 'not_enforced', 'maintenance_use')",
            name="kind",
        ),
        CheckConstraint("to_at >= from_at", name="to_at"),
        Index(
            "uq_station_activity_open",
            "station_id",
            "kind",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
        Index("ix_station_activity_from_at", "from_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("game_session.id"))
    kind: Mapped[str] = mapped_column(String(24))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Command(Base):
    """What the desk told a PC to do. `finished_at` None: its outcome isn't known yet."""

    __tablename__ = "station_command"
    __table_args__ = (
        CheckConstraint("command IN ('lock', 'message', 'restart', 'shutdown', 'log_off')", name="command"),
        CheckConstraint("state IN ('queued', 'sent', 'done', 'failed', 'expired')", name="state"),
        Index("ix_station_command_station_id_created_at_id", "station_id", "created_at", "id"),
        Index(
            "ix_station_command_unfinished",
            "created_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"))
    # What ran there as it was given.
    session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("game_session.id"))
    command: Mapped[str] = mapped_column(String(16))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("staff.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(500))


class StationMetric(Base):
    """How a PC is doing: one sample. Kept apart from events, and for some days only."""

    __tablename__ = "station_metric"

    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, index=True)
    cpu_percent: Mapped[float | None] = mapped_column(Float)
    memory_percent: Mapped[float | None] = mapped_column(Float)
    disk_percent: Mapped[float | None] = mapped_column(Float)
    # Whatever else the agent measures, by name.
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
