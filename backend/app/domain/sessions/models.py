"""Tables of sessions: what is stored of a session's time. See docs/explanation/time.md."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core.db import Base, UtcDateTime
from app.domain.sessions.names import MAX_KEY, search_key

_OPEN = text("to_at IS NULL")


class GameSession(Base):
    """A customer's play. `scheduled_end_at` always equals `rules.scheduled_end_at` of its start, grants and gaps."""

    __tablename__ = "game_session"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'active', 'paused', 'ended')", name="status"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "ix_game_session_due",
            "scheduled_end_at",
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        # The list is read in this order; what it is searched by is in the index, so that no row that doesn't match is.
        Index("ix_game_session_listed", "requested_at", "id", "player_key", "end_reason"),
        Index("ix_game_session_ended_at", "ended_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), default="timed")
    status: Mapped[str] = mapped_column(String(16))
    user_name: Mapped[str | None] = mapped_column(String(80))
    # What the name is found by; it follows the name.
    player_key: Mapped[str | None] = mapped_column(String(MAX_KEY))
    notes: Mapped[str | None] = mapped_column(String(500))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scheduled_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hard_stop_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hard_stop_reason: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_source: Mapped[str | None] = mapped_column(String(16))
    end_reason: Mapped[str | None] = mapped_column(String(32))
    # Who ended it by hand; None where its deadline or a job did.
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
    grace_seconds: Mapped[int] = mapped_column(Integer, default=60)
    member_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    customer_group_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    business_day: Mapped[date | None]
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("staff.id"))
    created_by_name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer, default=1)

    grants: Mapped[list[SessionGrant]] = relationship(order_by="SessionGrant.seq", lazy="raise")
    seats: Mapped[list[SessionSeat]] = relationship(order_by="SessionSeat.seq", lazy="raise")
    gaps: Mapped[list[SessionGap]] = relationship(order_by="SessionGap.seq", lazy="raise")

    @validates("user_name")
    def _keep_key(self, _: str, name: str | None) -> str | None:
        self.player_key = None if name is None else search_key(name)
        return name


class SessionGrant(Base):
    """Time given, in seconds: how much, why, by whom, under which key. Append-only."""

    __tablename__ = "session_grant"
    __table_args__ = (
        UniqueConstraint("session_id", "seq", name="uq_session_grant_session_id_seq"),
        Index(
            "uq_session_grant_key",
            "session_id",
            "kind",
            "actor_id",
            "idempotency_key",
            unique=True,
            sqlite_where=text("idempotency_key IS NOT NULL"),
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        CheckConstraint(
            "kind IN ('initial', 'extension', 'correction', 'compensation', 'transfer', 'horizon')", name="kind"
        ),
        # Few among all grants, and reports ask for those of some days.
        Index(
            "ix_session_grant_compensation",
            "granted_at",
            sqlite_where=text("kind = 'compensation'"),
            postgresql_where=text("kind = 'compensation'"),
        ),
        CheckConstraint("seconds <> 0", name="seconds"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("game_session.id"))
    seq: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[int] = mapped_column(Integer)
    reverses_grant_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("session_grant.id"))
    gap_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("session_gap.id"))
    source_kind: Mapped[str] = mapped_column(String(16), default="staff")
    source_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    reason: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(String(200))
    approver_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("staff.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionSeat(Base):
    """Where the session was, from when to when. One open row a session, one open row a station."""

    __tablename__ = "session_seat"
    __table_args__ = (
        Index("uq_session_seat_open", "session_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_session_seat_station_live", "station_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_session_seat_station_id_to_at_from_at", "station_id", "to_at", "from_at"),
        Index("ix_session_seat_to_at_from_at", "to_at", "from_at"),
        CheckConstraint("to_at >= from_at", name="to_at"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("game_session.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"))
    zone_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("zone.id"))
    # The session's version when it came here: reports of the PC that are older belong to an earlier seat.
    from_version: Mapped[int] = mapped_column(Integer, default=1)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How far the PC is with it: sending, delivered, waiting_for_logon, confirmed.
    delivery: Mapped[str] = mapped_column(String(20), default="sending")
    # The PC that confirmed. A clone with the same token and another hostname never gets the session.
    hostname: Mapped[str | None] = mapped_column(String(255))
    # When the PC was last asked to open: as the session came, was resumed, or came back; when it was first sent.
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The PC said that it couldn't open; the desk was warned that nothing was heard.
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unconfirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the PC's own deadline passed, since when it isn't open although it should be, and when it last said it is.
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionGap(Base):
    """A stretch of the session in which nobody played: paused, moving, or closed by mistake."""

    __tablename__ = "session_gap"
    __table_args__ = (
        UniqueConstraint("session_id", "seq", name="uq_session_gap_session_id_seq"),
        Index("uq_session_gap_open", "session_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("kind IN ('paused', 'moving', 'closed')", name="kind"),
        CheckConstraint("to_at >= from_at", name="to_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("game_session.id"))
    seq: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    actor_name: Mapped[str | None] = mapped_column(String(200))
