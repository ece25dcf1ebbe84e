"""A session that stands still: locked, never logged out, and open again when it is resumed."""

from __future__ import annotations

import pytest

from agent.protocol import SessionStart
from agent.session_manager import next_due, step
from agent.session_rules import restored, status
from agent.session_state import AllowLogon, AskSync, NoSession, Notify, Phase, Problem, Settings, Startup
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


def playing(*, ends: float = 900, settings: Settings = GRACE_60, logon_delay: float = 0.0) -> Station:
    station = Station(settings, logon_delay=logon_delay)
    station.start(ends=ends)
    station.run_until(100)
    station.done.clear()
    return station


def test_a_pause_locks_at_once_and_logs_nobody_out() -> None:
    station = playing()

    assert ["LOCK"] == station.pause(left=800)
    assert (Phase.PAUSED, True, True) == (station.phase, station.locked, station.awake)
    station.run_until(7200)

    assert ["LOCK"] == station.names()
    assert AllowLogon(False) in [effect for _, effect in station.done]


def test_the_countdown_stands_still_and_says_so() -> None:
    station = playing()
    station.pause(left=800)
    station.run_until(5000)

    assert 800 == station.left
    shown = status(station.state, station.now)
    assert {"state": "paused", "locked": True, "remaining_seconds": 800, "ends_at": None} == shown


def test_without_the_seconds_left_they_follow_from_the_end() -> None:
    station = playing(ends=900)
    station.pause()

    assert pytest.approx(800) == station.left


def test_where_nothing_is_locked_a_pause_only_stops_the_time() -> None:
    station = playing(settings=Settings(auto_lock=False))

    assert [] == station.pause(left=800)
    station.run_until(5000)
    assert (Phase.PAUSED, 800) == (station.phase, station.left)


def test_a_resumption_opens_as_a_start_does() -> None:
    station = playing(logon_delay=1)
    station.pause(left=800)
    station.run_until(1000)

    assert ["waiting_for_logon"] == station.resume(ends=1800)
    station.run_until(1010)

    assert ["LOCK", "waiting_for_logon", "session_started"] == station.names()
    assert (Phase.ACTIVE, False, True) == (station.phase, station.locked, station.awake)
    assert pytest.approx(790) == station.left
    assert 3 == station.reports("session_started")[0].version


def test_a_start_of_a_higher_version_resumes_it_too() -> None:
    station = playing()
    station.pause(left=800)
    station.run_until(1000)

    assert ["session_started"] == station.start(ends=1800, version=3)
    assert pytest.approx(800) == station.left


def test_a_resumption_without_an_end_gives_what_was_left() -> None:
    station = playing()
    station.pause(left=800)
    station.run_until(1000)
    station.resume()

    assert pytest.approx(800) == station.left


def test_warnings_come_anew_after_a_pause_and_the_end_is_on_time() -> None:
    station = playing(ends=400)
    station.run_until(200)
    station.pause(left=200)
    station.run_until(1000)
    station.resume(ends=1200)
    station.run_until(1300)

    assert [(1140.0, "warning_shown"), (1200.0, "session_ended"), (1260.0, "LOCK"), (1260.0, "LOGOUT")] == [
        happened for happened in station.happened() if happened[0] > 1000
    ][:-1]


def test_a_player_who_stays_away_after_a_resumption_uses_time_all_the_same() -> None:
    """Its confirmation shifts nothing: only a session that was never open waits for its player."""
    station = playing(ends=400)
    station.pause(left=300)
    station.logon_delay = None
    station.resume(ends=400)
    station.run_until(470)

    assert ["LOCK", "waiting_for_logon", "session_ended", "LOCK", "LOGOUT", "expired_enforced"] == station.names()
    assert (400.0, "session_ended") in station.happened()


@pytest.mark.parametrize("version", [1, 2])
def test_older_and_repeated_words_change_nothing(version: int) -> None:
    station = playing()
    station.pause(left=800, version=2)

    assert [] == station.pause(left=1, version=version)
    assert [] == station.resume(ends=5000, version=version)
    assert [] == station.start(ends=5000, version=version)
    assert [] == station.extend(ends=5000, version=version)
    assert (Phase.PAUSED, 800) == (station.phase, station.left)


def test_an_older_pause_does_not_stop_what_was_resumed() -> None:
    station = playing()
    station.pause(left=800, version=2)
    station.resume(ends=900, version=3)

    assert [] == station.pause(left=800, version=2)
    assert Phase.ACTIVE is station.phase


def test_without_versions_a_repetition_is_no_news() -> None:
    station = playing()
    station.pause(left=800, version=None)

    assert [] == station.pause(left=800, version=None)
    assert ["session_started"] == station.start(ends=900, version=None)
    assert [] == station.start(ends=900, version=None)


def test_more_time_in_a_pause_is_kept_for_later() -> None:
    station = playing()
    station.pause(left=800, version=2)

    assert [] == station.pause(left=1100, version=3)
    assert [] == station.greet_paused(left=1400, version=4)
    assert (Phase.PAUSED, 1400) == (station.phase, station.left)


def test_an_extension_with_an_end_says_that_a_resumption_was_missed() -> None:
    station = playing()
    station.pause(left=800, version=2)
    station.extend(ends=2000, version=4)

    assert AskSync() in [effect for _, effect in station.done]
    assert ["session_started"] == station.start(ends=2000, version=4)


def test_a_pause_of_an_unknown_session_asks_for_the_state() -> None:
    station = Station()
    station.pause("never seen", left=60)
    station.resume("never seen", ends=60)

    assert [AskSync(), AskSync()] == [effect for _, effect in station.done]
    assert Phase.IDLE is station.phase


def test_a_pause_within_the_grace_ends_the_countdown() -> None:
    station = playing(ends=400)
    station.run_until(430)

    assert ["LOCK"] == station.pause(left=0)
    station.run_until(1000)
    assert Phase.PAUSED is station.phase
    assert "LOGOUT" not in station.names()


# The greeting.
def test_a_greeting_with_a_paused_session_locks_the_pc_and_keeps_it() -> None:
    station = Station(GRACE_60)

    assert ["LOCK"] == station.greet_paused(left=600)
    assert (Phase.PAUSED, 600) == (station.phase, station.left)
    assert ["session_started"] == station.resume(ends=600)


def test_a_session_that_is_first_heard_of_in_a_pause_has_a_firm_end_once_resumed() -> None:
    station = Station(GRACE_60, logon_delay=None)
    station.greet_paused(left=100)
    station.resume(ends=100)
    station.run_until(170)

    assert (160.0, "LOCK") in station.happened()


def test_a_greeting_with_the_same_pause_again_changes_nothing() -> None:
    station = playing()
    station.pause(left=800, version=2)

    assert [] == station.greet_paused(left=800, version=2)


def test_a_session_that_ended_here_while_the_server_had_paused_it_waits_for_its_resumption() -> None:
    """The pause was missed: the PC was cut off, counted on and locked."""
    station = playing(ends=400)
    station.run_until(500)
    assert "LOGOUT" in station.names()
    station.logon_delay = 1

    assert ["LOCK"] == station.greet_paused(left=250)
    station.resume(ends=750)
    station.run_until(510)
    assert Phase.ACTIVE is station.phase


def test_another_sessions_pause_in_a_greeting_first_ends_the_one_that_runs() -> None:
    station = playing()

    assert ["session_ended", "LOCK", "LOGOUT", "LOCK"] == station.greet_paused("other", left=600)
    assert ("other", Phase.PAUSED) == (station.state.session and station.state.session.id, station.phase)


def test_a_paused_session_without_the_seconds_left_is_a_reported_problem() -> None:
    station = Station()
    station.greet_paused(left=None)

    (problem,) = [effect for _, effect in station.done]
    assert isinstance(problem, Problem)
    assert Phase.IDLE is station.phase


# How a pause ends otherwise.
def test_an_end_in_the_pause_logs_out() -> None:
    station = playing()
    station.pause(left=800)

    assert ["session_ended", "LOCK", "LOGOUT"] == station.end()
    assert (Phase.IDLE, False) == (station.phase, station.awake)


def test_an_expiry_in_the_pause_has_its_grace_from_then_on() -> None:
    """A hard stop of the venue goes on through a pause."""
    station = playing(ends=150)
    station.pause(left=50)
    station.run_until(1000)

    assert ["session_ended"] == station.end(reason="expired")
    station.run_until(1070)
    assert (1060.0, "LOGOUT") in station.happened()


def test_the_server_knows_of_no_session_so_the_pause_ends() -> None:
    station = playing()
    station.pause(left=1)

    assert ["session_ended", "LOCK", "LOGOUT"] == station.tell(NoSession())


def test_a_new_session_takes_the_station_from_a_paused_one() -> None:
    station = playing(logon_delay=1)
    station.pause(left=800)

    assert ["session_ended", "LOCK", "LOGOUT", "waiting_for_logon"] == station.start("new", ends=2000)


# The PC.
def test_after_a_reboot_it_is_still_locked_and_paused() -> None:
    station = playing()
    station.pause(left=800)
    station.state = restored(station.state, station.state.settings, shift=-500)
    station.mono, station.locked, station.awake = 3600.0, False, False
    station.done.clear()
    station.tell(Startup())
    station.run_until(7200)

    assert (["LOCK"], Phase.PAUSED, 800, True) == (station.names(), station.phase, station.left, station.awake)
    assert station.locked


def test_a_power_cut_between_decision_and_lock_still_locks() -> None:
    station = playing()
    decided, _ = step(
        station.state, SessionStart(id="s1", status="paused", remaining_seconds=5, version=2), station.now
    )
    station.state = restored(decided, decided.settings, shift=0)
    station.tell(Startup())

    assert station.locked


def test_a_lock_that_failed_is_tried_again() -> None:
    station = playing()
    station.lock_works = False
    station.pause(left=800)
    station.run_until(112)
    assert not station.locked

    station.lock_works = True
    station.run_until(130)
    assert [100.0, 105.0, 110.0, 115.0] == [at for at, name in station.happened() if name == "LOCK"]
    assert Phase.PAUSED is station.phase


def test_a_resumption_ends_the_tries_to_lock() -> None:
    station = playing()
    station.lock_works = False
    station.pause(left=800)
    station.resume(ends=900)
    station.run_until(130)

    assert 1 == station.names().count("LOCK")
    assert next_due(station.state, station.now) > station.mono + 9


def test_who_unlocks_the_pc_in_a_pause_finds_it_locked_again() -> None:
    station = playing()
    station.pause(left=800)
    station.run_until(120)
    station.locked = False
    station.run_until(140)

    assert ["LOCK", "unlocked", "LOCK"] == station.names()
    assert station.locked


def test_the_player_is_told_nothing_but_the_pause() -> None:
    """No warning and no "time is up" while the session stands still."""
    station = playing(ends=400)
    station.pause(left=300)
    station.run_until(3600)

    assert [] == [effect for _, effect in station.done if isinstance(effect, Notify)]
