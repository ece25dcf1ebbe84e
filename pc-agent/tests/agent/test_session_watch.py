"""A station that is open though nobody plays closes itself again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.overlay_link import KIOSK
from agent.session_rules import RETRY_SECONDS
from agent.session_state import Lock, NewSettings, Phase, Service, Settings
from agent.session_watch import LOOK_SECONDS
from tests.station import Station


def opened(station: Station, at: float) -> None:
    """Somebody opens the desktop without a session."""
    station.run_until(at)
    station.locked = False
    station.done.clear()


def test_an_open_desktop_without_a_session_is_closed_at_the_next_look() -> None:
    station = Station()
    opened(station, 100)
    station.run_until(103)

    assert ["unlocked", "LOCK"] == station.names()
    assert station.happened()[-1][0] <= 100 + LOOK_SECONDS + 0.1
    assert station.locked


def test_so_is_one_that_was_open_when_the_agent_first_looked() -> None:
    """After a boot that logs on by itself nobody knows of a change."""
    station = Station()
    station.locked, station.state = False, type(station.state)(settings=Settings())
    station.run_until(1)
    station.run_until(1 + 10)

    assert station.locked


def test_so_is_a_paused_sessions() -> None:
    station = Station()
    station.start(ends=600)
    station.pause(left=450)
    opened(station, 100)
    station.run_until(103)

    assert ["unlocked", "LOCK"] == station.names()
    assert (True, Phase.PAUSED, 450) == (station.locked, station.phase, station.left)


def test_a_lock_that_changes_nothing_is_tried_again_at_its_pace_and_reported_once() -> None:
    station = Station()
    opened(station, 100)
    station.lock_works = False
    station.run_until(100 + LOOK_SECONDS + 3.5 * RETRY_SECONDS)

    assert ["unlocked", "LOCK", "LOCK", "LOCK", "LOCK"] == station.names()
    station.lock_works = True
    station.run_until(station.mono - 1000 + RETRY_SECONDS)
    assert station.locked


def test_a_lock_that_is_said_to_work_and_does_not_hold_is_repeated_no_faster() -> None:
    station = Station()
    opened(station, 100)
    station.lock_holds = False
    station.run_until(100 + LOOK_SECONDS + 3.5 * RETRY_SECONDS)

    assert ["unlocked", "LOCK", "LOCK", "LOCK", "LOCK"] == station.names()
    assert ["", "again", "again", "again"] == [
        "again" if e.again else "" for _, e in station.done if isinstance(e, Lock)
    ]


@pytest.mark.parametrize(("mode", "closed"), [("workstation", False), (KIOSK, True)])
def test_staff_at_work_are_left_alone_where_only_the_systems_lock_is(mode: str, closed: bool) -> None:
    station = Station(Settings(lock_mode=mode))
    station.tell(Service(in_maintenance=True))
    opened(station, 100)
    station.run_until(400)
    assert closed is station.locked
    station.tell(Service(in_maintenance=False))
    station.run_until(403)

    assert station.locked


def test_a_venue_that_does_not_lock_is_left_open() -> None:
    station = Station(Settings(auto_lock=False))
    opened(station, 100)
    station.run_until(400)

    assert (["unlocked"], False) == (station.names(), station.locked)
    station.tell(NewSettings(Settings(auto_lock=True)))
    station.run_until(403)
    assert station.locked


def test_a_session_that_comes_meanwhile_keeps_the_desktop_open() -> None:
    station = Station()
    opened(station, 100)
    station.lock_works = False
    station.run_until(103)
    station.start(ends=600)
    station.run_until(500)

    assert (Phase.ACTIVE, False) == (station.phase, station.locked)


KINDS = st.sampled_from(["open", "start", "end", "pause", "resume"])
MOVES = st.lists(st.tuples(KINDS, st.integers(1, 300)), max_size=12)


@given(moves=MOVES, mode=st.sampled_from(["workstation", KIOSK]), logon_delay=st.sampled_from([0.0, 1.0, None]))
def test_nobody_plays_for_longer_than_three_seconds_without_a_session(
    moves: list[tuple[str, int]], mode: str, logon_delay: float | None
) -> None:
    """Whatever happens, and whoever opens the desktop at whatever moment."""
    station = Station(Settings(lock_mode=mode, grace_seconds=30), logon_delay=logon_delay)
    for version, (move, pause) in enumerate(moves, start=1):
        now = station.mono - 1000.0
        match move:
            case "open":
                station.locked = False
            case "start":
                station.start(f"s{version}", ends=now + 120, version=version)
            case "end":
                station.end(station.state.session.id if station.state.session else "s0", version=version)
            case "pause" if station.state.session:
                station.pause(station.state.session.id, left=60, version=version)
            case "resume" if station.state.session:
                station.resume(station.state.session.id, ends=now + 60, version=version)
        station.run_until(now + 3)
        if station.phase in (Phase.IDLE, Phase.PAUSED):
            assert station.locked
        station.run_until(now + 3 + pause)
    station.run_until(station.mono - 1000.0 + 1000)

    assert station.locked or station.phase is Phase.OPENING
