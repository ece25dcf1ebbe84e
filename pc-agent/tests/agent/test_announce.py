"""The agent's lines on the terminal, and the overlay's picture of a state."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from agent import announce
from agent.announce import clock_time
from agent.overlay_link import GRACE, HIDDEN, PAUSED, RUNNING, Frame
from agent.protocol import SessionStart
from agent.session_state import GameSession, Report, Settings
from tests.station import EPOCH, Station

PLAYING = GameSession(
    id="s1",
    version=1,
    user_name="Marta K.",
    started_at=EPOCH,
    ends_at=Station().at(5400),
    deadline=0,
    anchor=0,
    received=0,
)
UNTIL = clock_time(PLAYING.ends_at)


def test_an_end_with_the_calendar_costs_no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn each second, and said at each start: what raises there ends the agent, again and again."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert "23:59" == clock_time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
        assert "09:00" == clock_time(datetime(2026, 11, 28, tzinfo=UTC))
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("event", "status", "said"),
    [
        ("waiting_for_logon", {}, "session for Marta K., waiting for logon"),
        ("session_started", {"remaining_seconds": 5400}, f"session started for Marta K., 90 min left, until {UNTIL}"),
        ("session_extended", {}, f"session changed for Marta K., until {UNTIL}"),
        ("warning_shown", {"remaining_seconds": 300}, f"5 min left for Marta K., until {UNTIL}"),
        ("warning_shown", {"remaining_seconds": 48}, f"48 s left for Marta K., until {UNTIL}"),
        ("session_ended", {"reason": "expired", "grace_seconds": 60}, "time is up for Marta K., 60 s to save"),
        ("session_ended", {"reason": "manual_stop"}, "session ended for Marta K. (manual_stop)"),
        ("locked", {}, "locked"),
        ("locked", {"state": "paused", "remaining_seconds": 840}, "session paused for Marta K., 14 min left, locked"),
        ("logged_out", {}, "logged out"),
        ("helper_restarted", {"helper": announce.OVERLAY}, "overlay restarted"),
        ("helper_restarted", {"helper": announce.LOCK_SCREEN}, "lock screen restarted"),
        ("clock_jump", {"seconds": -3600.0}, "the PC's clock was set by -3600.0 s"),
        ("expired_enforced", {}, None),
    ],
)
def test_each_event_is_one_readable_line(event: str, status: dict[str, object], said: str | None) -> None:
    report = Report(event=event, at=EPOCH, status=status)

    assert said == announce.line(report, PLAYING, EPOCH)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("locked", "could not lock: It refused (error 5)."),
        ("logged_out", "could not log out: It refused (error 5)."),
        ("expired_enforced", None),
    ],
)
def test_a_failure_is_said_once_with_its_reason(event: str, said: str | None) -> None:
    report = Report(event=event, at=EPOCH, success=False, status={"message": "It refused (error 5)."})

    assert said == announce.line(report, PLAYING, EPOCH)


def test_a_nameless_player_and_an_unknown_start_leave_no_gap() -> None:
    station = Station()
    station.tell(SessionStart(id="s", scheduled_end_at=station.at(600)))
    (report,) = station.reports("session_started")

    said = announce.line(report, station.state.session, report.at)

    assert f"session started, 10 min left, until {clock_time(station.at(600))}" == said


def test_a_session_that_moves_here_is_said_with_what_is_left_of_it() -> None:
    station = Station()
    station.run_until(1000)
    station.tell(SessionStart(id="s", started_at=EPOCH, scheduled_end_at=station.at(3700)))
    (report,) = station.reports("session_started")

    said = announce.line(report, station.state.session, report.at)

    assert f"session started, 45 min left, until {clock_time(station.at(3700))}" == said


@pytest.mark.parametrize(
    ("noticed_after", "said"), [(0, ", 60 s to save"), (18, ", 42 s to save"), (60, ""), (900, "")]
)
def test_an_end_that_is_noticed_late_leaves_less_time_to_save(noticed_after: int, said: str) -> None:
    report = Report(event="session_ended", at=EPOCH, status={"reason": "expired", "grace_seconds": 60})

    line = announce.line(report, PLAYING, EPOCH + timedelta(seconds=noticed_after))

    assert f"time is up for Marta K.{said}" == line


def test_an_agent_that_was_started_again_says_what_goes_on() -> None:
    station = Station(Settings(grace_seconds=60))
    said = [announce.resumed(station.state, station.now)]
    station.start(ends=3600)
    station.run_until(900)
    said.append(announce.resumed(station.state, station.now))
    station.run_until(3618)
    said.append(announce.resumed(station.state, station.now))

    until = clock_time(station.at(3600))
    assert [
        None,
        f"session goes on for Marta K., 45 min left, until {until}",
        "time is up for Marta K., 42 s to save",
    ] == said


def picture(station: Station, *, connected: bool = True, message: tuple[str, str] | None = None) -> Frame:
    return announce.frame(station.state, station.now, connected=connected, message=message)


def test_the_overlay_shows_a_session_only_while_it_is_open() -> None:
    station = Station(Settings(grace_seconds=30, auto_logout=False), logon_delay=5)
    seen = [picture(station)]
    station.start(ends=600)
    seen.append(picture(station))
    station.run_until(100)
    seen.append(picture(station, connected=False, message=("From the desk", "Hello")))
    station.run_until(610)
    seen.append(picture(station))
    station.run_until(700)
    seen.append(picture(station))

    assert [HIDDEN, HIDDEN, RUNNING, GRACE, HIDDEN] == [frame.kind for frame in seen]
    assert (500.0, clock_time(station.at(600)), False, ("From the desk", "Hello")) == (
        round(seen[2].seconds_left, 2),
        seen[2].until,
        seen[2].connected,
        seen[2].message,
    )
    assert (20.0, False) == (round(seen[3].seconds_left, 2), seen[3].logout)


def test_the_overlay_shows_a_pause_with_the_time_that_stands_still() -> None:
    station = Station()
    station.start(ends=600)
    station.pause(left=450)
    station.run_until(100)

    assert Frame(PAUSED, 450.0, "", True) == picture(station)
