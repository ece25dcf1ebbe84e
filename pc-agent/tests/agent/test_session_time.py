"""A session's end against clocks that err and players who come late. Seconds count from the beginning of each test."""

from __future__ import annotations

import pytest

from agent.protocol import Policy
from agent.session_state import Phase, Settings
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


@pytest.mark.parametrize(("skew", "expected"), [(0.4, 399.6), (300.0, 399.0), (-300.0, 401.0)])
def test_a_better_clock_moves_the_deadline_by_a_second_at_most(skew: float, expected: float) -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(50)

    station.server_skew = skew
    station.run_until(450)

    assert [pytest.approx(expected, abs=0.11)] == [at for at, name in station.happened() if name == "session_ended"]


def test_a_session_that_nobody_opened_waits_for_its_player_beyond_its_end() -> None:
    """The server shifts the end when it is confirmed; here the player comes after the provisional end."""
    station = Station(GRACE_60, logon_delay=90)
    station.start(ends=60, version=1)
    station.run_until(91)

    assert ["waiting_for_logon", "session_started"] == station.names()
    station.start(ends=150, version=2)
    station.run_until(149)
    assert Phase.ACTIVE is station.phase
    assert "LOCK" not in station.names()


def test_a_player_who_comes_after_the_provisional_end_has_the_grace_until_the_shift_arrives() -> None:
    """Even when the end plus grace had passed already: otherwise the door would shut in the player's face.

    The shift has some seconds to arrive before anybody is told that the time is over.
    """
    station = Station(GRACE_60, logon_delay=200)
    station.start(ends=60, version=1)
    station.run_until(204)
    assert (Phase.ACTIVE, ["waiting_for_logon", "session_started"]) == (station.phase, station.names())
    station.run_until(210)
    phases = [station.phase]
    station.start(ends=260, version=3)
    phases.append(station.phase)
    station.run_until(330)

    assert [Phase.GRACE, Phase.ACTIVE] == phases
    assert [(260.0, "session_ended"), (320.0, "LOCK"), (320.0, "LOGOUT")] == station.happened()[-4:-1]


@pytest.mark.parametrize(("given", "expected"), [(None, 600.0), (120.0, 120.0), (900.0, 900.0)])
def test_nobody_waits_for_a_player_longer_than_the_venue_does(given: float | None, expected: float) -> None:
    settings = GRACE_60.under(Policy(never_opened_seconds=given))
    station = Station(settings, logon_delay=None)
    station.start(ends=60, version=1)
    station.run_until(expected + 100)

    assert (expected, "session_ended") in station.happened()
    assert Phase.IDLE is station.phase


def test_a_spec_only_servers_session_ends_on_its_time_opened_or_not() -> None:
    station = Station(GRACE_60, logon_delay=None)
    station.start(ends=60, version=None)
    station.run_until(130)

    assert [(60.0, "session_ended"), (120.0, "LOCK")] == station.happened()[1:3]
