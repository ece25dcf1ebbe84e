"""events of a type by time: a page of some types in some days is found by an index"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_type_at_id", "event", ["type", "at", "id"])


def downgrade() -> None:
    op.drop_index("ix_event_type_at_id", "event")
