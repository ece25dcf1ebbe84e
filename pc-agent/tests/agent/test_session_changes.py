"""A session whose times move after it began: the confirmation's shift, revival, reopening, a move.

Seconds count from the beginning of each test.
"""

from __future__ import annotations

import pytest

from agent.protocol import SessionStart
from agent.session_state import NoSession, Notify, Phase, Report, Settings
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


def starts(station: Station, *, at: float, ends: float, version: int) -> list[str]:
    """A whole `session_start`, its own beginning included."""
    return station.tell(
        SessionStart(id="s1", started_at=station.at(at), scheduled_end_at=station.at(ends), version=version)
    )


def told(station: Station) -> list[str]:
    return [
        f"{effect.minutes} min left" if effect.minutes else "Time is up"
        for _, effect in station.done
        if isinstance(effect, Notify)
    ]


# The confirmation's shift.
def test_the_shift_moves_start_and_end_and_nothing_else() -> None:
    station = Station(GRACE_60, logon_delay=20)
    starts(station, at=0, ends=600, version=1)
    station.run_until(20)
    before = list(station.names())

    assert ["session_extended"] == starts(station, at=20, ends=620, version=2)
    session = station.state.session
    assert session is not None
    assert (station.at(20), station.at(620)) == (session.started_at, session.ends_at)
    station.run_until(300)

    assert (["waiting_for_logon", "session_started"], []) == (before, told(station))
    assert [*before, "session_extended"] == station.names()
    assert not station.locked


def test_the_shift_brings_no_warning_before_its_time_and_each_once() -> None:
    """Opened with less left than the warning time, the session warns only as its shifted end comes near."""
    station = Station(GRACE_60, logon_delay=70)
    starts(station, at=0, ends=360, version=1)
    station.run_until(70)
    assert Phase.ACTIVE is station.phase
    starts(station, at=70, ends=430, version=2)
    station.run_until(429)

    assert [(130.0, "warning_shown"), (370.0, "warning_shown")] == [h for h in station.happened() if "warn" in h[1]]


def test_the_staff_insists_while_the_player_is_still_awaited() -> None:
    """The shift comes before the desktop is open: the times move, and it opens as if nothing had happened."""
    station = Station(GRACE_60, logon_delay=50)
    starts(station, at=0, ends=600, version=1)
    station.run_until(30)

    assert ["session_extended"] == starts(station, at=30, ends=630, version=2)
    assert Phase.OPENING is station.phase
    station.run_until(60)

    assert ["waiting_for_logon", "session_extended", "session_started"] == station.names()
    assert pytest.approx(570) == station.left


def test_a_shift_that_comes_twice_or_late_changes_nothing() -> None:
    station = Station(GRACE_60, logon_delay=20)
    starts(station, at=0, ends=600, version=1)
    station.run_until(30)
    starts(station, at=20, ends=620, version=2)
    station.extend(ends=920, version=3)

    assert [] == starts(station, at=20, ends=620, version=2)
    assert [] == starts(station, at=0, ends=600, version=1)
    assert pytest.approx(890) == station.left


def test_a_session_that_the_server_calls_active_has_a_firm_end() -> None:
    """Its player needn't come: the time runs, here too."""
    station = Station(GRACE_60, logon_delay=None)
    station.tell(SessionStart(id="s1", status="active", scheduled_end_at=station.at(100), version=2))
    station.run_until(170)

    assert [(100.0, "session_ended"), (160.0, "LOCK")] == station.happened()[1:3]


# Revival.
@pytest.mark.parametrize("as_start", [True, False])
def test_more_time_within_the_grace_goes_on_without_a_lock_and_warns_again(as_start: bool) -> None:
    station = Station(GRACE_60)
    station.start(ends=400, version=1)
    station.run_until(400)
    station.end(reason="expired", version=2)
    station.run_until(430)
    assert Phase.GRACE is station.phase

    more = station.start if as_start else station.extend
    assert ["session_extended"] == more(ends=1000, version=3)
    station.run_until(999)

    assert (Phase.ACTIVE, False) == (station.phase, station.locked)
    assert "LOCK" not in station.names()
    assert [100.0, 340.0, 700.0, 940.0] == [at for at, name in station.happened() if name == "warning_shown"]


def test_more_time_for_a_pc_that_was_cut_off_and_had_locked_opens_it_again() -> None:
    """The server makes a gap of it: from the lock that is reported to the opening that is reported."""
    station = Station(GRACE_60, logon_delay=2)
    station.start(ends=400, version=1)
    station.run_until(600)
    station.start(ends=1000, version=3)
    station.run_until(610)

    seen = [(r.event, r.version) for _, r in station.done if isinstance(r, Report)]
    assert [("session_ended", 1), ("expired_enforced", 1), ("waiting_for_logon", 3), ("session_started", 3)] == [
        report for report in seen if "warning" not in report[0]
    ][2:]
    (lock,) = [at for at, name in station.happened() if name == "LOCK"]
    started = station.reports("session_started")[-1]
    assert (460.0, station.at(602)) == (lock, started.at.replace(microsecond=0))
    assert pytest.approx(390) == station.left


def test_a_session_that_was_reopened_ends_on_its_time_although_its_player_stays_away() -> None:
    """Only a session that was never open has a provisional end."""
    station = Station(GRACE_60)
    station.start(ends=100, version=1)
    station.run_until(200)
    station.logon_delay = None
    station.start(ends=300, version=3)
    station.run_until(370)

    assert [(300.0, "session_ended"), (360.0, "LOCK")] == station.happened()[-4:-2]


def test_a_mistaken_end_that_is_taken_back_opens_again() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.start(ends=900, version=1)
    station.run_until(100)
    station.end(version=2)
    station.run_until(160)

    assert ["waiting_for_logon"] == station.start(ends=960, version=3)
    station.run_until(170)
    assert Phase.ACTIVE is station.phase
    assert pytest.approx(790) == station.left


# A move.
def test_a_move_away_locks_and_logs_out() -> None:
    station = Station(GRACE_60)
    station.start(ends=900, version=1)

    assert ["session_ended", "LOCK", "LOGOUT"] == station.end(reason="moved", version=2)
    assert [] == station.start(ends=900, version=1)


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_session_that_is_moved_back_waits_for_its_player_as_a_new_one_does(cut_off: bool) -> None:
    station = Station(GRACE_60)
    station.start(ends=300, version=1)
    if cut_off:
        station.tell(NoSession())
    station.end(reason="moved", version=2)
    station.run_until(100)
    station.logon_delay = 400
    station.start(ends=380, version=4)
    station.run_until(502)

    assert (Phase.ACTIVE, "session_started") == (station.phase, station.names()[-1])


def test_a_session_that_is_moved_here_within_anothers_grace_ends_that_one_first() -> None:
    station = Station(GRACE_60, logon_delay=1)
    station.start("old", ends=400)
    station.run_until(430)

    assert ["LOCK", "LOGOUT", "expired_enforced", "waiting_for_logon"] == station.start("moved here", ends=1000)
