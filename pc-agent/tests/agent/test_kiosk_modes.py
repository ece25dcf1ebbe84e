"""Which lock is in force: the lock screen or the system's own, and how a station changes from one to the other."""

from __future__ import annotations

import pytest

from agent.kiosk import KioskControl
from agent.overlay_link import KIOSK, LOCKED, WORKSTATION
from tests.kiosk_station import Pc, Station


@pytest.fixture
def station() -> Station:
    return Station()


def test_a_station_without_a_helper_uses_the_systems_lock_and_says_so_once(station: Station) -> None:
    station.control.lock_workstation()
    station.helper.possible = False
    station.helper.die()
    station.control.helper_impossible("there is no display")
    station.control.helper_impossible("there is no display")
    station.control.want_lock_mode(KIOSK)

    assert (WORKSTATION, True, ["lock"]) == (station.control.lock_mode, station.locked, station.pc.acts)
    ((code, text),) = station.problems
    assert ("kiosk.unavailable", True) == (code, "can't be drawn: there is no display." in text)


def test_a_station_without_a_display_promises_no_overlay(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station.pc, "capabilities", ("overlay", "idle_time"))
    promised = "overlay" in station.control.capabilities
    station.helper.possible = False

    assert (True, False) == (promised, "overlay" in station.control.capabilities)
    assert "idle_time" in station.control.capabilities


def test_in_workstation_mode_it_only_passes_on() -> None:
    station = Station(mode=WORKSTATION)
    station.control.helper_impossible("there is no display")
    station.control.lock_workstation()
    station.control.allow_logon(True)
    station.control.allow_logon(False)

    assert (WORKSTATION, ["lock"], []) == (station.control.lock_mode, station.pc.acts, station.problems)
    assert not any(station.helper.history)


def test_a_locked_station_changes_to_the_systems_lock_without_opening(station: Station) -> None:
    station.control.lock_workstation()
    station.helper.history.clear()
    covered_when_locked: list[bool] = []
    lock = station.pc.lock_workstation

    def watched() -> None:
        covered_when_locked.append(station.helper.shown == LOCKED)
        lock()

    station.pc.lock_workstation = watched  # type: ignore[method-assign]
    station.control.want_lock_mode(WORKSTATION)

    assert ([True], [False]) == (covered_when_locked, station.helper.history)
    assert (WORKSTATION, True) == (station.control.lock_mode, station.locked)


def test_where_the_systems_lock_fails_the_lock_screen_stays_until_a_session_opens_it(station: Station) -> None:
    station.control.lock_workstation()
    station.pc.lock_works = station.pc.logout_works = False
    station.control.want_lock_mode(WORKSTATION)
    station.control.want_lock_mode(WORKSTATION)
    assert (KIOSK, True, ["kiosk.mode_kept"]) == (station.control.lock_mode, station.locked, station.codes)
    station.control.allow_logon(True)

    assert (WORKSTATION, False) == (station.control.lock_mode, station.locked)


def test_a_station_locked_by_the_system_gets_the_lock_screen_below_it() -> None:
    station = Station(covering=False, mode=WORKSTATION)
    station.control.lock_workstation()
    station.control.want_lock_mode(KIOSK)
    covered = station.control.covering
    station.pc.open_by_itself()

    assert (KIOSK, True, True) == (station.control.lock_mode, covered, station.locked)


@pytest.mark.parametrize("first", [KIOSK, WORKSTATION])
def test_an_open_station_changes_its_lock_and_stays_open(first: str) -> None:
    station = Station(covering=False, opened=True, mode=first)
    station.control.want_lock_mode(WORKSTATION if first == KIOSK else KIOSK)
    station.helper.die()

    assert (False, [], []) == (station.locked, station.pc.acts, station.problems)


def test_a_station_that_waits_for_its_player_opens_in_the_new_mode() -> None:
    station = Station(covering=False, mode=WORKSTATION)
    station.control.lock_workstation()
    station.control.allow_logon(True)
    station.control.want_lock_mode(KIOSK)
    station.pc.open_by_itself()

    assert not station.locked


def test_what_the_lock_screen_can_is_no_shortcoming() -> None:
    class Bare(Pc):
        capabilities = ("overlay",)  # type: ignore[assignment]

        def shortcomings(self) -> dict[str, str]:
            return {"lock_workstation": "no", "is_workstation_locked": "no", "restart": "no"}

    station = Station()
    control = KioskControl(
        Bare(),
        station.helper,
        covering=True,
        opened=False,
        may_log_out=lambda: True,
        complain=lambda code, text: None,
    )
    station.helper.control = control
    before = (set(control.shortcomings()), control.capabilities)
    control.want_lock_mode(KIOSK)

    assert (3, ("overlay",)) == (len(before[0]), before[1])
    assert ({"restart"}, ("overlay", "pause")) == (set(control.shortcomings()), control.capabilities)


def test_a_session_takes_away_the_systems_lock_that_stood_in_for_the_lock_screen() -> None:
    """Nobody knows a password for it. In the meantime the lock screen has come up over it."""
    station = Station()
    station.play()
    station.paused, station.helper.obeys = True, False
    station.control.lock_workstation()
    assert ["lock"] == station.pc.acts
    station.helper.obeys = True
    station.helper.speak()
    assert station.locked

    station.paused = False
    station.control.allow_logon(True)
    assert (False, False) == (station.locked, station.pc.is_workstation_locked())


def test_so_it_does_where_the_lock_screen_cannot_be_drawn() -> None:
    station = Station()
    station.helper.possible = False
    station.control.helper_impossible("there is no display")
    station.control.allow_logon(True)
    station.pc.open_by_itself()
    station.control.lock_workstation()
    station.control.allow_logon(True)

    assert not station.locked


@pytest.mark.parametrize("after", [False, True])
def test_the_systems_lock_of_the_mode_workstation_is_opened_by_its_password_alone(after: bool) -> None:
    """`after`: the venue changed to that mode since."""
    station = Station(mode=KIOSK if after else WORKSTATION)
    station.control.allow_logon(True)
    station.helper.obeys = not after
    station.paused = True
    station.control.lock_workstation()
    station.control.want_lock_mode(WORKSTATION)
    station.control.allow_logon(True)

    assert station.pc.is_workstation_locked()


def test_a_players_own_lock_stays() -> None:
    station = Station()
    station.play()
    station.pc._locked = True
    station.helper.obeys = False
    station.control.lock_workstation()
    station.control.allow_logon(True)

    assert station.pc.is_workstation_locked()
