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
    _staff()
    _stations()
    _sessions()
    _reports()


def downgrade() -> None:
    _un_reports()
    _un_sessions()
    _un_stations()
    _un_staff()
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


def _staff() -> None:
    pass


def _un_staff() -> None:
    pass


def _stations() -> None:
    pass


def _un_stations() -> None:
    pass


def _sessions() -> None:
    op.add_column("session_seat", sa.Column("hostname", sa.String(length=255), nullable=True))
    op.add_column("session_seat", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session_seat", sa.Column("unconfirmed_at", sa.DateTime(timezone=True), nullable=True))


def _un_sessions() -> None:
    for name in ("unconfirmed_at", "failed_at", "hostname"):
        op.drop_column("session_seat", name)


def _reports() -> None:
    pass


def _un_reports() -> None:
    pass
