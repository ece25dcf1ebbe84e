"""what a PC is: the desk sees its system and why a station is in maintenance"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station", sa.Column("maintenance_note", sa.String(length=120), nullable=True))
    op.add_column("station_presence", sa.Column("pc", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("station_presence", "pc")
    op.drop_column("station", "maintenance_note")
