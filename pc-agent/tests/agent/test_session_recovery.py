"""After a restart, and after an act that failed. Seconds count from the beginning of each test."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from agent.protocol import SessionEnd
from agent.session_manager import next_due, step
from agent.session_rules import restored
from agent.session_state import AllowLogon, Desktop, Lock, Moment, Phase, Report, Settings, Startup
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


def test_after_a_reboot_the_player_is_awaited_again_and_confirmed_once() -> None:
    station = Station(GRACE_60, logon_delay=5)
    station.start(ends=900)
    station.run_until(100)
    station.locked = True
    station.done.clear()

    station.state = restored(station.state, station.state.settings, shift=0)
    station.tell(Startup())
    station.run_until(110)

    assert ["waiting_for_logon", "unlocked"] == station.names()
    assert (Phase.ACTIVE, True) == (station.phase, station.awake)


def test_an_agent_that_comes_back_in_mid_session_says_nothing() -> None:
    station = Station(GRACE_60)
    station.start(ends=900)
    station.run_until(100)
    station.done.clear()

    station.state = restored(station.state, station.state.settings, shift=0)
    station.tell(Startup())
    station.run_until(110)

    assert [] == station.names()
    assert Phase.ACTIVE is station.phase


@pytest.mark.parametrize(("away", "phase"), [(10, Phase.GRACE), (100, Phase.ENFORCING)])
def test_a_session_that_is_over_when_the_agent_comes_back_opens_nothing(away: float, phase: Phase) -> None:
    station = Station(GRACE_60)
    station.start(ends=900)
    station.run_until(890)
    late = Moment(station.mono + 10 + away, station.now.server + timedelta(seconds=10 + away))

    state, effects = step(restored(station.state, station.state.settings, shift=0), Startup(), late)

    assert phase is state.phase
    assert AllowLogon(True) not in effects
    assert (phase is Phase.ENFORCING) is any(isinstance(effect, Lock) for effect in effects)


def test_a_desktop_that_opens_after_a_confirmed_sessions_end_opens_no_session() -> None:
    """A look that comes late finds it open, as on a PC that was busy: no shift of its end is on its way."""
    station = Station(GRACE_60, logon_delay=5)
    station.start(ends=900)
    station.run_until(100)
    session = station.state.session
    assert session is not None
    state = replace(station.state, phase=Phase.OPENING, session=replace(session, opened_at=None))
    late = Moment(session.deadline + 2, station.now.server + timedelta(seconds=802))

    state, effects = step(state, Desktop(False), late)

    assert (Phase.GRACE, session.deadline + 60) == (state.phase, state.grace_until)
    assert "session_started" not in [effect.event for effect in effects if isinstance(effect, Report)]


def test_what_was_only_true_of_the_old_process_is_not_restored() -> None:
    station = Station(Settings(auto_logout=False))
    station.start(ends=900)
    station.lock_works = False
    station.end()
    assert station.state.retry is not None

    again = restored(station.state, station.state.settings, shift=-500)

    assert (None, None) == (again.retry, again.desktop_locked)


def test_an_enforcement_that_was_cut_short_is_done_again() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(100)
    decided, _ = step(station.state, SessionEnd(id="s1", reason="manual_stop", version=2), station.now)
    station.done.clear()

    station.state = restored(decided, decided.settings, shift=0)
    station.tell(Startup())

    assert ["LOCK", "LOGOUT"] == station.names()
    assert (Phase.IDLE, True) == (station.phase, station.locked)


# What the system refused.
def test_a_lock_that_failed_is_tried_again_until_it_holds() -> None:
    station = Station(Settings(auto_logout=False))
    station.start(ends=900)
    station.lock_works = False
    station.end()
    station.run_until(12)
    assert (Phase.IDLE, False) == (station.phase, station.locked)

    station.lock_works = True
    station.run_until(30)

    assert station.locked
    locks = [at for at, name in station.happened() if name == "LOCK"]
    assert [0.0, 5.0, 10.0, 15.0] == locks


def test_a_logout_that_failed_is_tried_again_until_it_works() -> None:
    """Where nothing locks, the player would otherwise play on without a session."""
    station = Station(Settings(auto_lock=False))
    station.start(ends=900)
    station.logout_works = False
    station.end()
    station.run_until(12)
    assert (Phase.IDLE, False) == (station.phase, station.locked)

    station.logout_works = True
    station.run_until(30)

    assert station.locked
    assert [0.0, 5.0, 10.0, 15.0] == [at for at, name in station.happened() if name == "LOGOUT"]
    assert "LOCK" not in station.names()


def test_only_what_failed_is_tried_again() -> None:
    station = Station()
    station.start(ends=900)
    station.lock_works = False
    station.end()
    station.run_until(7)

    assert ["LOCK", "LOGOUT", "LOCK"] == station.names()[-3:]


def test_a_new_session_ends_the_tries_to_lock_the_old_one_out() -> None:
    station = Station()
    station.start("old", ends=900)
    station.lock_works = station.logout_works = False
    station.end("old")
    assert station.state.retry is not None

    station.start("new", ends=900)
    station.run_until(20)

    assert (Phase.ACTIVE, 1, 1) == (station.phase, station.names().count("LOCK"), station.names().count("LOGOUT"))


def test_a_lock_that_failed_as_the_next_session_took_the_station_is_not_tried_again() -> None:
    """Nothing would ever be done about it, and the agent would look for it without a pause."""
    station = Station()
    station.start("old", ends=900)
    station.lock_works = station.logout_works = False
    station.start("new", ends=900)
    station.run_until(20)

    assert (Phase.ACTIVE, None) == (station.phase, station.state.retry)
    assert next_due(station.state, station.now) > station.mono + 9
