"""Tables as files to take away: RFC 4180 in UTF-8, written page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from starlette.responses import StreamingResponse

from app.core.clock import to_wire

Mark = TypeVar("Mark")
Row = Iterable[str]

# What the OpenAPI document says of such an answer.
CSV_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "RFC 4180, in UTF-8."}
}


async def csv_file(
    name: str,
    head: Row,
    page: Callable[[Mark | None], Awaitable[tuple[list[list[str]], Mark | None]]],
) -> StreamingResponse:
    """The rows of every page under their head. `page` answers rows and the mark behind them; None with the last."""
    rows, last = await page(None)  # before the answer begins, so that what fails is still an error and no short file

    async def lines() -> AsyncIterator[str]:
        nonlocal rows, last
        yield _lines([head])
        yield _lines(rows)
        while last is not None:
            rows, last = await page(last)
            yield _lines(rows)

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _lines(rows: Iterable[Row]) -> str:
    """Rows as RFC 4180 writes them: CRLF, and quotes where they are needed."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def text(value: str | None) -> str:
    """What somebody typed, so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value and value[0] in "=+-@\t\r\n" else value or ""


def utc(at: datetime | None) -> str:
    """An instant in UTC; nothing where there is none."""
    return "" if at is None else to_wire(at)


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant on the venue's clock, with its offset."""
    return "" if at is None else at.astimezone(zone).isoformat(timespec="seconds")
