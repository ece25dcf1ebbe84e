"""a ledger that holds: no stretch ends before it began, and tallies know whose clock they counted on"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STRETCHES = ("session_seat", "session_gap")


def upgrade() -> None:
    # Tallies of before have no time zone, so they are made again.
    op.add_column("tally_day", sa.Column("time_zone", sa.String(length=64), nullable=False, server_default=""))
    for table in STRETCHES:  # what a clock that was put back has left behind lasted no time
        rows = sa.table(table, sa.column("from_at"), sa.column("to_at"))
        op.execute(rows.update().where(rows.c.to_at < rows.c.from_at).values(to_at=rows.c.from_at))
    with _grants_without_gaps():
        for table in STRETCHES:
            with op.batch_alter_table(table) as batch:
                batch.create_check_constraint(op.f(f"ck_{table}_to_at"), "to_at >= from_at")


def downgrade() -> None:
    with _grants_without_gaps():
        for table in STRETCHES:
            with op.batch_alter_table(table) as batch:
                batch.drop_constraint(op.f(f"ck_{table}_to_at"), type_="check")
    op.drop_column("tally_day", "time_zone")


@contextmanager
def _grants_without_gaps() -> Iterator[None]:
    """SQLite makes a table anew, and drops none that rows point to: grants let go of their gaps meanwhile."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TEMP TABLE held AS SELECT id, gap_id FROM session_grant WHERE gap_id IS NOT NULL")
    op.execute("UPDATE session_grant SET gap_id = NULL WHERE gap_id IS NOT NULL")
    yield
    op.execute(
        "UPDATE session_grant SET gap_id = (SELECT held.gap_id FROM held WHERE held.id = session_grant.id)"
        " WHERE id IN (SELECT id FROM held)"
    )
    op.execute("DROP TABLE held")
