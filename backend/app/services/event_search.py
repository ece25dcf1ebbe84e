"""Looking through the event log for words, at a bounded cost however long it is.

No index finds a part of a word in everything that an event may hold, on both databases. So a page looks at the newest
events only, and its mark says where the next one goes on: what happened lately is found at once, and a look through a
whole year is some requests that nobody else waits for.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, cast, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import EventRecord
from app.services import event_pages
from app.services.event_logger import TRACE, EventRow
from app.services.event_pages import Mark, Wanted

# How many events are looked at for a page: few at first, since what is looked for is mostly near.
WINDOWS = (1_000, 4_000, 15_000)


@dataclass(frozen=True, slots=True)
class Sought:
    """What an event is to hold: the words themselves, or a station or session whose own name holds them."""

    words: str
    station_ids: Sequence[uuid.UUID] = ()
    session_ids: Select[uuid.UUID] | None = None


async def page(
    db: AsyncSession, wanted: Wanted, sought: Sought, *, before: Mark | None, limit: int
) -> tuple[list[EventRecord], Mark | None]:
    """Events that are wanted and hold what is sought, newest first, and where to go on; None when all was looked at.

    There may be fewer than `limit`, and still more to come. Stack traces aren't looked into.
    """
    holds = or_(*_conditions(sought, sqlite=db.get_bind().dialect.name == "sqlite"))
    found: list[int] = []
    for window in WINDOWS:
        among = event_pages.newest(wanted, before, window).subquery()
        order = (among.c.at.desc(), among.c.id.desc()) if wanted.by_time else (among.c.id.desc(),)
        query = select(among.c.at, among.c.id).join(EventRow, EventRow.id == among.c.id).where(holds).order_by(*order)
        rows = (await db.execute(query.limit(limit - len(found)))).all()
        found += [row.id for row in rows]
        if len(found) == limit:
            before = (rows[-1].at, rows[-1].id)
            break
        last = select(among.c.at, among.c.id).order_by(*order).offset(window - 1).limit(1)
        mark = (await db.execute(last)).one_or_none()
        before = None if mark is None else (mark.at, mark.id)
        if before is None:
            break
    return await event_pages.by_ids(db, found), before


def _conditions(sought: Sought, *, sqlite: bool) -> Iterator[ColumnElement[bool]]:
    words = sought.words
    # SQLite folds the letters of English alone, so words with others are tried as people write them.
    ways = {words}
    if sqlite and not words.isascii():
        ways |= {words.lower(), words.upper(), words.title(), words.capitalize()}
    yield _has(EventRow.actor_name, ways)
    yield EventRow.request_id == words
    if re.fullmatch(r"[A-Za-z_ ]+", words):
        yield EventRow.type.contains(words.upper().replace(" ", "_"), autoescape=True)
    if sought.station_ids:
        yield EventRow.station_id.in_(sought.station_ids)
    if sought.session_ids is not None:
        yield EventRow.session_id.in_(sought.session_ids)
    yield (_in_sqlite_data if sqlite else _in_postgresql_data)(ways)


def _in_sqlite_data(ways: Iterable[str]) -> ColumnElement[bool]:
    """A text in the data holds them: its values only, since every event has a key such as `status`."""
    tree = func.json_tree(EventRow.data).table_valued("key", "type", "atom", name="tree")
    return exists().where(tree.c.type == "text", tree.c.key.is_distinct_from(TRACE), _has(tree.c.atom, ways))


def _in_postgresql_data(ways: Iterable[str]) -> ColumnElement[bool]:
    told = EventRow.data.op("#-")(literal_column(f"'{{{TRACE}}}'::text[]"))
    told = told.op("#-")(literal_column(f"'{{report,{TRACE}}}'::text[]"))
    texts = cast('strict $.** ? (@.type() == "string")', JSONPATH)
    value = func.jsonb_path_query(told, texts).table_valued("value", name="texts").render_derived()
    return exists().where(_has(value.c.value.op("#>>")(literal_column("'{}'::text[]")), ways))


def _has(column: SQLColumnExpression[str], ways: Iterable[str]) -> ColumnElement[bool]:
    """It holds one of these, in any case that the database folds."""
    return or_(*(column.icontains(way, autoescape=True) for way in sorted(ways)))
