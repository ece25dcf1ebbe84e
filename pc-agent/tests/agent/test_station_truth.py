"""Truth on the station: power, sleep, clocks, zones and hours without a server. The end stays where it was sold."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from agent import announce, clock
from agent.protocol import SessionEnd
from agent.session_state import Phase
from tests.world import EPOCH, PowerCut, World, time_zone, world

LENGTH = 3600.0
GRACE = 60.0


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, grace=GRACE) as made:
        yield made


def ended_at(here: World) -> float:
    """The true second at which the one session ended, as reported."""
    (ended,) = here.events("session_ended")
    return (datetime.fromisoformat(ended["occurred_at"]) - EPOCH).total_seconds()


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.integers(1, 1500), st.just(0)),
        st.tuples(st.just("sleep"), st.integers(1, 1500), st.just(0)),
        st.tuples(st.just("set_clock"), st.sampled_from([-90_000, -3600, -600, 600, 3600, 90_000]), st.just(0)),
        st.tuples(st.just("crash"), st.integers(0, 600), st.just(0)),
        st.tuples(st.just("reboot"), st.integers(10, 900), st.sampled_from([0, 0, -90_000, -3600])),
    ),
    max_size=8,
)


@examples(max_examples=examples().max_examples // 5)  # each plays hours
@given(moves=MOVES)
def test_whatever_befalls_the_pc_the_end_comes_on_its_second(moves: list[tuple[str, int, int]]) -> None:
    """Only a reboot with the hardware clock set back hides that time went by, and then never more than went by."""
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), grace=GRACE) as here:
        here.greeted()
        here.start(LENGTH)
        deadline = LENGTH
        for kind, seconds, shift in moves:
            if kind == "reboot":
                hidden = here.reboot(seconds, hardware_clock=shift)
                assert -0.01 <= hidden <= seconds + 31
                deadline += hidden
            else:
                getattr(here, kind)(seconds)
            here.run(0.3)
            if here.true >= deadline - 1:
                break
            assert (Phase.ACTIVE, False) == (here.phase, here.locked)
        if here.true < deadline - 1:
            here.run(deadline - 1 - here.true)
            assert (Phase.ACTIVE, False) == (here.phase, here.locked)
            here.run(2)
            assert (Phase.GRACE, False) == (here.phase, here.locked)
        here.run(GRACE)

        assert (Phase.IDLE, True) == (here.phase, here.locked)
        (ended,) = here.events("session_ended")
        assert ended["status"]["reason"] == "expired"
        assert 1 == len(here.events("expired_enforced"))
        assert abs(ended_at(here) - LENGTH) <= 1.0


@pytest.mark.parametrize("seconds", [600, 7 * 3600])
def test_sleep_counts_and_what_became_due_is_done_on_waking(here: World, seconds: int) -> None:
    here.greeted()
    here.start(LENGTH)
    here.run(1800)
    here.sleep(seconds)

    if seconds < 1800:
        assert (Phase.ACTIVE, False) == (here.phase, here.locked)
        here.run(1800 - seconds + GRACE)
    assert (Phase.IDLE, True) == (here.phase, here.locked)
    assert abs(ended_at(here) - LENGTH) < 1.0
    assert [] == here.events("clock_jump")


@pytest.mark.parametrize("hours", [-26, -1, 1, 26])
def test_setting_the_clock_moves_nothing_and_is_on_record(here: World, hours: int) -> None:
    here.greeted()
    here.start(LENGTH)
    here.run(600)
    here.set_clock(hours * 3600)
    here.run(LENGTH - 600 - 2)
    assert Phase.ACTIVE is here.phase
    here.run(2 + GRACE)

    assert (Phase.IDLE, abs(ended_at(here) - LENGTH) < 1.0) == (here.phase, True)
    assert [hours * 3600.0] == [jump["status"]["seconds"] for jump in here.events("clock_jump")]


def test_a_clock_that_was_set_while_no_agent_ran_is_on_record_too(here: World) -> None:
    here.greeted()
    here.start(LENGTH)
    here.run(600)
    here.wall_error -= 7200
    here.crash(100)

    assert [-7200.0] == [jump["status"]["seconds"] for jump in here.events("clock_jump")]
    here.run(LENGTH - 700 + GRACE)
    assert (Phase.IDLE, abs(ended_at(here) - LENGTH) < 1.0) == (here.phase, True)


def test_a_reboot_with_the_hardware_clock_set_back_gives_no_time_and_is_on_record(here: World) -> None:
    here.greeted()
    here.start(LENGTH)
    here.run(1800)
    left = LENGTH - 1800
    here.reboot(300, hardware_clock=-86_400)

    (jump,) = here.events("clock_jump")
    assert -86_400 <= jump["status"]["seconds"] <= -86_000
    here.run(left - 1)
    assert Phase.ACTIVE is here.phase
    here.run(31 + GRACE)  # the journal may have been half a minute old
    assert (Phase.IDLE, True) == (here.phase, here.locked)


def test_a_reboot_without_network_goes_on_with_what_is_left_and_an_ended_one_stays_locked(here: World) -> None:
    here.greeted()
    here.start(LENGTH)
    here.run(1800)
    here.reboot(600)
    assert (Phase.ACTIVE, False) == (here.phase, here.locked)
    here.run(LENGTH - 2400 + GRACE)
    assert (Phase.IDLE, True) == (here.phase, here.locked)
    here.reboot(600)
    here.run(3600)

    assert (Phase.IDLE, True) == (here.phase, here.locked)
    assert abs(ended_at(here) - LENGTH) < 1.0


def test_ten_hours_without_a_server_warn_end_and_report_once_and_an_extension_reopens(here: World) -> None:
    here.greeted()
    here.start(5 * LENGTH)
    here.run(10 * LENGTH)

    told = [e.data.get("event") for e in here.journal.pending(10_000)]
    assert ["warning_shown", "warning_shown", "session_ended", "locked", "logged_out", "expired_enforced"] == [
        event for event in told if event not in ("waiting_for_logon", "session_started", "unlocked")
    ]
    assert abs(ended_at(here) - 5 * LENGTH) < 1.0
    here.greeted()
    here.extend(11 * LENGTH)
    assert (Phase.ACTIVE, False) == (here.phase, here.locked)
    here.run(LENGTH + GRACE)
    assert (Phase.IDLE, True) == (here.phase, here.locked)


def whole_life(here: World, *, stopped: bool) -> None:
    """All that a session's journal goes through, from a start to the lock, with an extension in between."""
    here.greeted()
    here.start(400)
    here.run(150)
    here.extend(500)
    here.run(300)
    if stopped:
        here.tell(SessionEnd(id="s1", reason="manual_stop", version=3))
    here.run(50 + GRACE + 1)


@pytest.mark.parametrize("grace", [GRACE, 0.0], ids=["grace", "no grace"])
@pytest.mark.parametrize("stopped", [False, True], ids=["expired", "stopped by the desk"])
@pytest.mark.parametrize("reboot", [False, True], ids=["same boot", "reboot"])
def test_the_power_may_go_between_any_two_writes_or_acts(
    tmp_path: Path, reboot: bool, stopped: bool, grace: float
) -> None:
    """Each moment of a session's life is tried: nothing opens again that was closed, and all is told once."""
    with world(tmp_path / "whole", grace=grace) as here:
        begun = len(here.steps)
        whole_life(here, stopped=stopped)
        steps = here.steps[begun:]
    assert {"write", "lock", "logout"} == set(steps)

    for number in range(1, len(steps) + 1):
        with world(tmp_path / f"{number}", grace=grace) as here:
            here.crash_at = len(here.steps) + number
            with pytest.raises(PowerCut):
                whole_life(here, stopped=stopped)
            here.crash_at = None
            if reboot:
                here.reboot(5)
            else:
                here.crash(5)
            where = f"step {number} of {steps}"
            assert here.journal.problem is None, where
            if "lock" in steps[:number]:
                assert (Phase.IDLE, True) == (here.phase, here.locked), where
            here.run(600 + GRACE)
            assert (Phase.IDLE, True) == (here.phase, here.locked), where
            assert 1 == len(here.events("session_ended")), where
            assert 1 == len(here.events("locked" if stopped else "expired_enforced")), where


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
        time.tzset()
    else:
        time_zone(before)


@pytest.mark.usefixtures("zone")
def test_another_time_zone_moves_nothing_and_is_no_jump(here: World) -> None:
    time_zone("Europe/Berlin")
    here.greeted()
    here.start(LENGTH)
    here.run(600)
    for name in ("Pacific/Kiritimati", "America/New_York", "UTC"):
        time_zone(name)
        here.run(300)
    here.reboot(60)
    time_zone("Asia/Kathmandu")
    here.run(LENGTH - here.true + GRACE)

    assert (Phase.IDLE, True, []) == (here.phase, here.locked, here.events("clock_jump"))
    assert abs(ended_at(here) - LENGTH) < 1.0


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("night", "shown"),
    [(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "03:30"), (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30")],
    ids=["spring", "autumn"],
)
def test_an_hour_over_the_change_of_summer_time_is_an_hour(tmp_path: Path, night: datetime, shown: str) -> None:
    """Sold at half past the hour before the change, in Berlin; the overlay's `until` is the wall's."""
    time_zone("Europe/Berlin")
    with world(tmp_path, grace=GRACE) as here:
        here.true = (night - EPOCH).total_seconds()
        here.greeted()
        here.start(here.true + LENGTH)
        session = here.enforcer.state.session
        assert session is not None
        assert shown == announce.clock_time(session.ends_at)
        here.run(LENGTH - 1)
        assert Phase.ACTIVE is here.phase
        here.run(1 + GRACE)
        assert (Phase.IDLE, []) == (here.phase, here.events("clock_jump"))


async def test_a_timer_that_stood_still_while_the_pc_slept_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event loop would go on waiting for what was left before the sleep."""
    slept = 0.0
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + slept)
    waiting = asyncio.create_task(clock.sleep(30.0, asyncio.Event()))
    await asyncio.sleep(0)
    slept = 29.9 + 7 * 3600
    await asyncio.wait_for(waiting, 2)

    woken = asyncio.Event()
    waiting = asyncio.create_task(clock.sleep(30.0, woken))
    woken.set()
    await asyncio.wait_for(waiting, 2)
