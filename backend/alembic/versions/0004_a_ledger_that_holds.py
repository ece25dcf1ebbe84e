"""a ledger that holds: tallies know whose clock they counted on"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Tallies of before have no time zone, so they are made again.
    op.add_column("tally_day", sa.Column("time_zone", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("tally_day", "time_zone")
