"""sessions by player: names are found whatever their case and accents, in the order of the list"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from app.domain.sessions.names import MAX_KEY, search_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_A_TIME = 1000


def upgrade() -> None:
    op.add_column("game_session", sa.Column("player_key", sa.String(length=MAX_KEY), nullable=True))
    _write_keys()
    op.drop_index("ix_game_session_requested_at_id", "game_session")
    op.create_index("ix_game_session_listed", "game_session", ["requested_at", "id", "player_key", "end_reason"])


def downgrade() -> None:
    op.drop_index("ix_game_session_listed", "game_session")
    op.create_index("ix_game_session_requested_at_id", "game_session", ["requested_at", "id"])
    op.drop_column("game_session", "player_key")


def _write_keys() -> None:
    """Most of a venue's names come again and again, so each is folded once."""
    sessions = sa.table("game_session", sa.column("user_name", sa.String), sa.column("player_key", sa.String))
    named = sa.select(sessions.c.user_name).where(sessions.c.user_name.is_not(None)).distinct()
    connection = op.get_bind()
    names = connection.execute(named).scalars().all()
    keys = sa.table("player_key_of", sa.column("name", sa.String), sa.column("key", sa.String))
    op.execute("CREATE TEMPORARY TABLE player_key_of (name VARCHAR(80) PRIMARY KEY, key VARCHAR(160))")
    for first in range(0, len(names), AT_A_TIME):
        rows = [{"name": name, "key": search_key(name)} for name in names[first : first + AT_A_TIME]]
        connection.execute(sa.insert(keys), rows)
    key = sa.select(keys.c.key).where(keys.c.name == sessions.c.user_name).scalar_subquery()
    connection.execute(sa.update(sessions).where(sessions.c.user_name.is_not(None)).values(player_key=key))
    op.execute("DROP TABLE player_key_of")
