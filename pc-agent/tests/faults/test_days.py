"""Whole days of a busy station on a fake clock: every end on its second, and nothing grows."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.faults.days import GRACE_SECONDS, Day, idle
from tests.faults.sizes import DAYS, SEED
from tests.world import world

DAY_SECONDS = 86_400
MOST_MEBIBYTES = 2.0
JOURNAL_BYTES = 16 * 1024
"""The session that is here, the last ones that ended here, and no event: more is what should have been let go."""


def resident_mebibytes() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def open_files() -> int:
    return psutil.Process().num_fds() if os.name == "posix" else 0


@pytest.mark.timeout(120 + 60 * DAYS)
def test_days_of_faults_end_each_session_on_its_second_and_leave_nothing_behind(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with world(tmp_path, grace=GRACE_SECONDS) as here:
        day = Day(here, SEED)
        day.play(DAY_SECONDS / 4)  # until every path has been gone once
        memory, files = resident_mebibytes(), open_files()
        for _ in range(DAYS):
            day.play(DAY_SECONDS)
        grown = resident_mebibytes() - memory
        day.come_right()

        for what, count in day.tried.items():
            record_property(f"fake days: {what}", count)
        record_property("fake days", DAYS)
        assert [] == day.wrong[:20]
        assert idle(here)
        assert here.path.stat().st_size < JOURNAL_BYTES
        assert files == open_files()
        assert grown < MOST_MEBIBYTES
        assert min(day.tried["ends by deadline"], day.tried["reboots"], day.tried["losses"]) > 0, day.tried
