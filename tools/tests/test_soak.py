"""What `make soak` reads from the report of the fault tests, and what it takes for wrong in a session's events."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.books import wrong_by_its_pc
from bench.faults import Tried, read_report

REPORT = """<testsuites><testsuite>
<testcase name="test_kills"><properties><property name="kills" value="30"/></properties></testcase>
<testcase name="test_disks"><failure message="no">AssertionError</failure></testcase>
<testcase name="test_fixture"><error message="no">OSError</error></testcase>
</testsuite></testsuites>"""


def test_counts_and_failures_are_read(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert read_report(report) == [
        Tried("test_kills", Counter(kills=30), failed=False),
        Tried("test_disks", Counter(), failed=True),
        Tried("test_fixture", Counter(), failed=True),
    ]


def test_no_report_is_a_failure(tmp_path: Path) -> None:
    assert [tried.failed for tried in read_report(tmp_path / "none.xml")] == [True]


def told(number: int, type_: str, at: str, **data: Any) -> dict[str, Any]:
    """One event of a session, `at` that time of the evening."""
    return {"id": number, "type": type_, "at": f"2026-11-28T{at}Z", "data": data}


def state(started_at: str, ends_at: str, **more: Any) -> dict[str, Any]:
    """A session of ten minutes that was extended by five, as an event holds it after its end."""
    times = {"started_at": started_at, "scheduled_end_at": ends_at, "ended_at": "20:00:09", **more}
    said = {"status": "ended", "end_reason": "manual_stop", "duration_minutes": 10, "extended_minutes": 5}
    return said | {name: f"2026-11-28T{at}Z" for name, at in times.items()}


STARTED = {"event": "session_started", "success": True, "occurred_at": "2026-11-28T20:00:04.700Z"}
# The desk ended it at 20:00:09, and then its PC told that it had opened at 20:00:04.
CORRECTED = [
    told(1, "SESSION_CREATED", "20:00:00.400"),
    told(2, "SESSION_EXTENDED", "20:00:03.000"),
    told(3, "SESSION_ENDED", "20:00:09.100"),
    told(4, "AGENT_REPORTED", "20:00:12.000", report=STARTED),
    told(
        *(5, "SESSION_END_CORRECTED", "20:00:12.000"),
        before=state("20:00:00", "20:15:00"),
        after=state("20:00:04", "20:15:04"),
    ),
]


def test_an_end_that_its_pc_s_late_word_corrects_is_in_order() -> None:
    assert list(wrong_by_its_pc(CORRECTED)) == []
    assert list(wrong_by_its_pc(CORRECTED[:4])) == [], "that word may mean nothing"


@pytest.mark.parametrize(
    ("where", "name", "value", "words"),
    [
        ("after", "started_at", "2026-11-28T20:00:00Z", "was played from"),
        ("after", "scheduled_end_at", "2026-11-28T20:15:00Z", "its end is corrected to"),
        ("after", "ended_at", "2026-11-28T20:00:12Z", "changes ended_at"),
        ("after", "status", "active", "changes status"),
        ("after", "extended_minutes", 10, "changes extended_minutes"),
        ("report", "occurred_at", "2026-11-28T20:00:10Z", "was played from"),
        ("report", "event", "locked", "without a word of its PC"),
    ],
)
def test_a_wrong_correction_is_a_difference(where: str, name: str, value: object, words: str) -> None:
    story = copy.deepcopy(CORRECTED)
    story[3 if where == "report" else 4]["data"][where][name] = value
    assert any(words in finding for finding in wrong_by_its_pc(story))


def test_what_is_opened_twice_warned_of_too_early_or_asked_for_by_nobody_is_a_difference() -> None:
    again = [*CORRECTED, {**CORRECTED[4], "id": 6}]
    assert any("it was opened by" in finding for finding in wrong_by_its_pc(again))
    confirmed = [*CORRECTED, told(6, "SESSION_CONFIRMED", "20:00:20.000")]
    assert any("it was opened by" in finding for finding in wrong_by_its_pc(confirmed))
    for at, right in (("20:00:20.000", False), ("20:00:30.500", True)):
        warned = [*CORRECTED[:2], told(3, "SESSION_UNCONFIRMED", at)]
        assert (list(wrong_by_its_pc(warned)) == []) is right
    moved = [*CORRECTED, told(6, "SESSION_MOVED", "20:00:21.000")]
    assert list(wrong_by_its_pc(moved)) == ["nobody asked for ['SESSION_MOVED']"]
