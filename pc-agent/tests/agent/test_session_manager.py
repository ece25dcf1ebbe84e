"""A session's beginning, its warnings and its end, rule by rule. Seconds count from the beginning of each test."""

from __future__ import annotations

import pytest

from agent.session_state import (
    AllowLogon,
    Notify,
    Phase,
    Settings,
    Startup,
)
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


def test_a_station_without_a_session_locks_when_the_agent_starts() -> None:
    station = Station()
    station.locked = False

    station.tell(Startup())

    assert station.locked
    assert ["LOCK"] == station.names()


def test_it_is_left_alone_where_auto_lock_is_off() -> None:
    station = Station(Settings(auto_lock=False))

    assert [] == station.tell(Startup())


def test_a_session_is_confirmed_only_once_the_player_is_in() -> None:
    """Before, the desk reads that the PC waits for the logon."""
    station = Station(logon_delay=5)

    assert ["waiting_for_logon"] == station.start(ends=600)
    station.run_until(20)

    assert [(0.0, "waiting_for_logon"), (5.0, "session_started")] == [
        (at if name == "waiting_for_logon" else float(int(at)), name) for at, name in station.happened()
    ]
    assert Phase.ACTIVE is station.phase
    assert station.awake


def test_an_open_desktop_is_confirmed_at_once() -> None:
    station = Station(Settings(auto_lock=False))
    station.locked = False

    assert ["session_started"] == station.start(ends=600)
    assert 1 == station.reports("session_started")[0].version


def test_warnings_come_at_five_minutes_and_one_minute_once_each() -> None:
    station = Station()
    station.start(ends=900)
    station.run_until(899)

    assert [(600.0, 300), (840.0, 60)] == [
        (at, report.status["warning_seconds"])
        for (at, name), report in zip(
            [h for h in station.happened() if h[1] == "warning_shown"], station.reports("warning_shown"), strict=True
        )
    ]
    assert ["5 min left", "1 min left"] == [f"{e.minutes} min left" for _, e in station.done if isinstance(e, Notify)]


def test_a_warning_already_past_when_the_session_starts_is_skipped() -> None:
    station = Station()
    station.start(ends=200)
    station.run_until(199)

    assert [60] == [report.status["warning_seconds"] for report in station.reports("warning_shown")]


def test_an_extension_arms_the_warnings_again() -> None:
    station = Station()
    station.start(ends=400)
    station.run_until(200)
    station.extend(ends=1000)
    station.run_until(999)

    assert [100.0, 700.0, 940.0] == [at for at, name in station.happened() if name == "warning_shown"]


def test_the_warning_time_is_the_configured_one() -> None:
    station = Station(Settings(warning_seconds=120))
    station.start(ends=400)
    station.run_until(399)

    assert [280.0, 340.0] == [at for at, name in station.happened() if name == "warning_shown"]


# The grace table, row by row.
def test_the_deadline_counts_down_and_then_locks_and_logs_out() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(430)
    assert Phase.GRACE is station.phase
    assert not station.locked

    station.run_until(500)

    assert [
        (400.0, "session_ended"),
        (460.0, "LOCK"),
        (460.0, "LOGOUT"),
        (460.0, "expired_enforced"),
    ] == station.happened()[-4:]
    assert "expired" == station.reports("session_ended")[0].status["reason"]
    assert (Phase.IDLE, True, False) == (station.phase, station.locked, station.awake)


def test_an_end_as_expired_is_the_same_as_the_deadline() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(100)

    station.end(reason="expired")
    station.run_until(200)

    assert (
        [(100.0, "session_ended"), (160.0, "LOCK"), (160.0, "LOGOUT"), (160.0, "expired_enforced")]
    ) == station.happened()[-4:]


@pytest.mark.parametrize("reason", ["manual_stop", "moved", "never_opened", "station_maintenance", "something new"])
def test_any_other_end_locks_and_logs_out_at_once_and_nothing_more(reason: str) -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(100)

    assert ["session_ended", "LOCK", "LOGOUT"] == station.end(reason=reason)
    station.run_until(600)

    assert "LOGOUT" == station.names()[-1]
    assert reason == station.reports("session_ended")[0].status["reason"]


def test_a_pause_locks_and_never_logs_out() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(100)

    assert ["session_ended", "LOCK"] == station.end(reason="paused")


@pytest.mark.parametrize(
    ("lock", "logout", "acts"), [(True, False, ["LOCK"]), (False, True, ["LOGOUT"]), (False, False, [])]
)
def test_what_is_switched_off_is_not_done(lock: bool, logout: bool, acts: list[str]) -> None:
    settings = Settings(grace_seconds=10, auto_lock=lock, auto_logout=logout)
    expiring, ended = Station(settings), Station(settings)
    for station in (expiring, ended):
        station.start(ends=400)

    expiring.run_until(420)
    ended.end()

    assert [*acts, "expired_enforced"] == expiring.names()[expiring.names().index("session_ended") + 1 :]
    assert acts == ended.names()[ended.names().index("session_ended") + 1 :]
    assert (Phase.IDLE, Phase.IDLE) == (expiring.phase, ended.phase)


def test_an_extension_within_the_grace_revives_the_session() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(430)

    assert ["session_extended"] == station.extend(ends=700)
    assert Phase.ACTIVE is station.phase
    assert pytest.approx(270) == station.left
    station.run_until(690)

    assert "LOCK" not in station.names()
    assert station.awake


def test_a_revived_player_who_had_locked_the_screen_is_not_awaited_again() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(410)
    station.locked, station.logon_delay = True, None
    station.run_until(430)

    assert ["session_extended"] == station.extend(ends=700)
    assert Phase.ACTIVE is station.phase


def test_a_session_that_came_too_late_and_is_extended_lets_its_player_in() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.run_until(420)
    station.start(ends=400, version=1)
    assert not station.awake
    station.extend(ends=900, version=2)
    station.run_until(430)

    assert (Phase.ACTIVE, False, True) == (station.phase, station.locked, station.awake)
    assert ["session_ended", "session_extended", "waiting_for_logon", "session_started"] == station.names()


def test_a_new_start_within_the_grace_first_enforces_the_old_end() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.start("old", ends=400)
    station.run_until(430)

    happened = station.start("new", ends=1000)
    assert ["LOCK", "LOGOUT", "expired_enforced", "waiting_for_logon"] == happened
    assert "old" == station.reports("expired_enforced")[0].session_id
    station.run_until(440)

    assert (Phase.ACTIVE, "new") == (station.phase, station.state.session and station.state.session.id)


def test_a_new_start_in_mid_session_ends_the_old_one_first() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.start("old", ends=400)
    station.run_until(100)

    assert ["session_ended", "LOCK", "LOGOUT", "waiting_for_logon"] == station.start("new", ends=1000)
    assert "replaced" == station.reports("session_ended")[0].status["reason"]


def test_a_second_session_after_the_lock_works() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.start("one", ends=100)
    station.run_until(200)
    assert station.locked

    station.start("two", ends=500)
    station.run_until(210)

    assert ["one", "two"] == [report.session_id for report in station.reports("session_started")]
    assert not station.locked


def test_a_start_whose_end_has_passed_takes_the_way_of_an_expiry() -> None:
    """The grace counts from the deadline, so what is left of it is what the player still has."""
    within, after = Station(GRACE_60), Station(GRACE_60)
    within.run_until(420)
    after.run_until(500)

    assert ["session_ended"] == within.start(ends=400)
    assert ["session_ended", "LOCK", "LOGOUT", "expired_enforced"] == after.start(ends=400)
    within.run_until(470)

    assert (460.0, "LOCK") == within.happened()[-3]
    assert after.at(400) == after.reports("session_ended")[0].at


# The desktop.
def test_a_player_who_locks_and_unlocks_is_reported_and_keeps_playing() -> None:
    station = Station()
    station.start(ends=900)
    for moment, locked in ((20, True), (40, False)):
        station.locked = locked
        station.run_until(moment)

    assert ["locked", "unlocked"] == station.names()[-2:]
    assert Phase.ACTIVE is station.phase


def test_the_logon_is_forbidden_again_before_the_lock() -> None:
    """Nobody slips in between."""
    station = Station()
    station.start(ends=900)
    station.done.clear()
    station.end()

    kinds = [type(effect).__name__ for _, effect in station.done]
    assert AllowLogon(False) in [effect for _, effect in station.done]
    assert kinds.index("AllowLogon") < kinds.index("Lock")
