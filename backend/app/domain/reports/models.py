"""Tallies: figures of business days that are over, so that a report of two years needn't read every session.

Derived data: everything here can be deleted and is made again. See docs/adr/0009-reports-keep-tallies.md.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime

# 2: a compensation counts without what was taken back of it.
EDITION = 2


class TallyState(Base):
    """One row: up to which event the tallies know what happened."""

    __tablename__ = "tally_state"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger)


class DayTally(Base):
    """A day that was tallied, from when to when and in which time zone it was then, and the sums of its stations."""

    __tablename__ = "tally_day"

    business_day: Mapped[date] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The clock whose hours were counted; empty on a tally of before that was kept, which is made again.
    time_zone: Mapped[str] = mapped_column(String(64), server_default="")
    # What a tally holds, as `EDITION`: one of another edition, which a server of another version made, is made again.
    edition: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    played_seconds: Mapped[int] = mapped_column(Integer)
    begun: Mapped[int] = mapped_column(Integer)
    ended: Mapped[int] = mapped_column(Integer)
    unused: Mapped[int] = mapped_column(Integer)
    ended_seconds: Mapped[int] = mapped_column(Integer)
    given_seconds: Mapped[int] = mapped_column(Integer, server_default="0")
    closed_seconds: Mapped[int] = mapped_column(Integer, server_default="0")


class StationTally(Base):
    """A station's day; a row for each zone that it was in then.

    `played_seconds` is play within the day and `begun` sessions that began in it. `ended`, `unused` and
    `ended_seconds` are of sessions that ended in it: opened ones, ones that never were, and all their play here.
    `given_seconds` and `closed_seconds` were lost to faults in it.
    """

    __tablename__ = "tally_station"
    # Every column that the sums of a place need, in the order in which they are grouped: a long report reads only this.
    __table_args__ = (
        Index(
            "ix_tally_station_place",
            "station_id",
            "zone_id",
            "business_day",
            "played_seconds",
            "begun",
            "ended",
            "unused",
            "ended_seconds",
            "given_seconds",
            "closed_seconds",
        ),
    )

    business_day: Mapped[date] = mapped_column(primary_key=True)
    station_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("station.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    zone_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("zone.id"))
    played_seconds: Mapped[int] = mapped_column(Integer)
    begun: Mapped[int] = mapped_column(Integer)
    ended: Mapped[int] = mapped_column(Integer)
    unused: Mapped[int] = mapped_column(Integer)
    ended_seconds: Mapped[int] = mapped_column(Integer)
    given_seconds: Mapped[int] = mapped_column(Integer, server_default="0")
    closed_seconds: Mapped[int] = mapped_column(Integer, server_default="0")


class HourTally(Base):
    """Play of a day within an hour on the venue's clock, a row for each zone; weekday 1 is Monday."""

    __tablename__ = "tally_hour"

    business_day: Mapped[date] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default="1")
    zone_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("zone.id"))
    played_seconds: Mapped[int] = mapped_column(Integer)


class ReasonTally(Base):
    """Sessions that ended in a day for a reason."""

    __tablename__ = "tally_reason"

    business_day: Mapped[date] = mapped_column(primary_key=True)
    end_reason: Mapped[str] = mapped_column(String(32), primary_key=True)
    ended: Mapped[int] = mapped_column(Integer)
    unused: Mapped[int] = mapped_column(Integer)
    ended_seconds: Mapped[int] = mapped_column(Integer)
