"""languages: what the PCs' screens say, in which languages, and the venue's own line on them"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("venue", sa.Column("house_message", sa.String(length=160), nullable=True))
    op.add_column("venue", sa.Column("languages", sa.JSON(), nullable=True))
    op.add_column("venue", sa.Column("texts", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in ("texts", "languages", "house_message"):
        op.drop_column("venue", name)
