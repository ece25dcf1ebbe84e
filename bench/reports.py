"""How long reports take on years of a venue: the generated history in a throw-away database, asked over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx

from bench.history import COLUMNS, TIME_ZONE, History, Spot, business_day, hall
from tools.api import Api
from tools.waiting import eventually

REPORTS = {
    "utilisation by station": "/api/v1/reports/utilisation?group=station",
    "utilisation by zone": "/api/v1/reports/utilisation?group=zone",
    "utilisation by day": "/api/v1/reports/utilisation?group=day",
    "peak hours": "/api/v1/reports/peak-hours?",
    "sessions": "/api/v1/reports/sessions?",
    "anomalies, first page": "/api/v1/reports/anomalies?limit=50",
}
TALLIES_WITHIN_SECONDS = 1800.0


def fill(database_url: str, *, days: int, stations: int) -> None:
    """Put that many days of that many stations into an empty venue."""
    fill_spots(database_url, days=days, spots=hall(stations))


def fill_spots(database_url: str, *, days: int, spots: Sequence[Spot]) -> None:
    """Put that many days of these stations into an empty venue."""
    now = datetime.now(UTC).replace(microsecond=0)
    if database_url.startswith("sqlite"):
        _fill_sqlite(database_url.partition("///")[2], now, days, spots)
    else:
        asyncio.run(_fill_postgres(database_url.replace("+asyncpg", ""), now, days, spots))


def tallied_days(database_url: str) -> int:
    """How many days the server has tallied."""
    query = "SELECT count(*) FROM tally_day"
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.partition("///")[2], timeout=30) as db:
            return int(db.execute(query).fetchone()[0])
    return asyncio.run(_ask_postgres(database_url.replace("+asyncpg", ""), query))


def until_tallied(database_url: str, days: int) -> float:
    """Wait until all days that are over are tallied; seconds that it took."""
    started = time.monotonic()
    eventually("all days are tallied", lambda: tallied_days(database_url) >= days - 1, TALLIES_WITHIN_SECONDS)
    return time.monotonic() - started


def measure(api: Api, days: int, times: int) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of each report for a day, a month and the whole history, each asked so many times."""
    today = business_day(datetime.now(UTC))
    spans = {
        "a day": (today - timedelta(days=1), today - timedelta(days=1)),
        "a month": (today - timedelta(days=30), today),
        f"{days} days": (today - timedelta(days=days - 1), today),
    }
    took: dict[tuple[str, str], list[float]] = {}
    headers = {"Authorization": f"Bearer {api.token}"}
    with httpx.Client(base_url=api.base, headers=headers, trust_env=False, timeout=300) as desk:
        for name, path in REPORTS.items():
            for span, (first, last) in spans.items():
                took[name, span] = [_ask(desk, f"{path}&from={first}&to={last}") for _ in range(times)]
    return took


def rows(took: dict[tuple[str, str], list[float]]) -> list[str]:
    """The lines of a table: median and worst."""
    return [
        f"{f'{name}, {span}':<40}{statistics.median(each):>9.1f}{max(each):>9.1f}"
        for (name, span), each in took.items()
    ]


def _ask(desk: httpx.Client, path: str) -> float:
    started = time.perf_counter()
    answer = desk.get(path)
    took = (time.perf_counter() - started) * 1000
    assert answer.is_success, f"GET {path}: {answer.status_code} {answer.text}"
    return took


def _fill_sqlite(file: str, now: datetime, days: int, spots: Sequence[Spot]) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("UPDATE venue SET time_zone = ?", (TIME_ZONE,))
        venue_id = uuid.UUID(db.execute("SELECT id FROM venue").fetchone()[0])
        for batch in History(venue_id, now, days=days, spots=spots).batches():
            for table, made in batch.rows.items():
                columns = COLUMNS[table]
                marks = ", ".join("?" * len(columns))
                statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  our own names
                db.executemany(statement, ([_as_text(value) for value in row] for row in made))
            db.commit()  # each day: one transaction of two years would fill the write-ahead log
        db.execute("ANALYZE")


def _as_text(value: object) -> Any:
    """A value as the server keeps it in SQLite."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


async def _fill_postgres(url: str, now: datetime, days: int, spots: Sequence[Spot]) -> None:
    db = await asyncpg.connect(url)
    try:
        await db.execute("SET session_replication_role = replica")  # the rows are right; don't look up each reference
        await db.execute("UPDATE venue SET time_zone = $1", TIME_ZONE)
        venue_id = await db.fetchval("SELECT id FROM venue")
        for batch in History(venue_id, now, days=days, spots=spots).batches():
            for table, made in batch.rows.items():
                if made:
                    await db.copy_records_to_table(table, records=made, columns=list(COLUMNS[table]))
        await db.execute("ANALYZE")
    finally:
        await db.close()


async def _ask_postgres(url: str, query: str) -> int:
    db = await asyncpg.connect(url)
    try:
        return int(await db.fetchval(query))
    finally:
        await db.close()
