"""What `make soak` reads from the report of the fault tests."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

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
