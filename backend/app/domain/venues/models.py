"""Tables of the venue and its zones."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Venue(Base):
    """The house. A policy column that is null leaves the decision to each PC's `config.yaml`."""

    __tablename__ = "venue"
    __table_args__ = (
        CheckConstraint("min_minutes >= 1 AND max_minutes >= min_minutes AND step_minutes >= 1", name="durations"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    day_start_minutes: Mapped[int] = mapped_column(SmallInteger, default=360)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    currency_exponent: Mapped[int] = mapped_column(SmallInteger, default=2)
    min_minutes: Mapped[int] = mapped_column(Integer, default=1)
    max_minutes: Mapped[int] = mapped_column(Integer, default=1440)
    step_minutes: Mapped[int] = mapped_column(Integer, default=1)
    warning_seconds: Mapped[int | None] = mapped_column(Integer)
    grace_seconds: Mapped[int | None] = mapped_column(Integer)
    auto_lock: Mapped[bool | None]
    auto_logout: Mapped[bool | None]
    lock_mode: Mapped[str | None] = mapped_column(String(16))
    house_message: Mapped[str | None] = mapped_column(String(160))
    languages: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    texts: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    max_pause_minutes: Mapped[int] = mapped_column(Integer, default=30)
    # Since the start: when the desk is warned that a PC hasn't opened, and when the session is given up.
    unconfirmed_seconds: Mapped[int] = mapped_column(Integer, default=30)
    never_opened_seconds: Mapped[int] = mapped_column(Integer, default=600)
    version: Mapped[int] = mapped_column(Integer, default=1)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Zone(Base):
    """A part of the floor. Zones retire, they aren't deleted; place and size are on the plan's grid of 8 px."""

    __tablename__ = "zone"
    __table_args__ = (
        Index(
            "uq_zone_name_in_use",
            "venue_id",
            "name",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    venue_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("venue.id"))
    name: Mapped[str] = mapped_column(String(80))
    sequence: Mapped[int] = mapped_column(Integer)
    x: Mapped[int | None] = mapped_column(Integer)
    y: Mapped[int | None] = mapped_column(Integer)
    w: Mapped[int | None] = mapped_column(Integer)
    h: Mapped[int | None] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
