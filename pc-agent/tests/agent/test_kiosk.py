"""The kiosk lock over a simulated PC: what closes it when the helper doesn't, and what opens it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent import kiosk
from agent.errors import ActionFailed
from agent.kiosk import ARRIVE_SECONDS, CONFIRM_SECONDS, DEATHS_SECONDS, RETURN_SECONDS
from agent.overlay_link import HIDDEN, LOCKED, RUNNING
from tests.kiosk_station import Station


@pytest.fixture
def station() -> Station:
    return Station()


class Time:
    def __init__(self) -> None:
        self.seconds = 100.0


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    fake = Time()
    monkeypatch.setattr(kiosk, "monotonic", lambda: fake.seconds)
    return fake


# Closing and opening.
def test_a_lock_is_the_helpers_word_and_touches_nothing_else(station: Station) -> None:
    station.play()
    station.control.lock_workstation()

    assert (True, [], []) == (station.locked, station.pc.acts, station.problems)
    assert not station.pc.is_workstation_locked()


def test_a_session_opens_the_screen_and_it_is_open_when_the_helper_says_so(station: Station) -> None:
    station.control.lock_workstation()
    station.helper.obeys = False
    station.control.allow_logon(True)
    before = station.locked
    station.helper.shown = RUNNING

    assert (True, False) == (before, station.locked)


def test_it_is_not_open_while_no_helper_says_so(station: Station) -> None:
    station.helper.die()
    station.control.allow_logon(True)

    assert station.locked
    station.helper.come_back()
    assert not station.locked


def test_the_screen_stays_closed_until_somebody_has_logged_on(station: Station) -> None:
    """Otherwise the bare desktop of nobody would be seen, and not that the session opens."""
    station.control.lock_workstation()
    station.pc.logout_user()
    station.control.allow_logon(True)
    before = (station.control.covering, station.locked)
    station.pc.open_by_itself()

    assert ((True, True), False) == (before, station.locked)
    assert not station.control.covering


def test_an_end_before_anybody_logged_on_leaves_the_screen_closed(station: Station) -> None:
    station.control.lock_workstation()
    station.pc.logout_user()
    station.control.allow_logon(True)
    station.control.allow_logon(False)
    station.pc.open_by_itself()

    assert (True, True) == (station.control.covering, station.locked)


def test_a_helper_that_owes_its_word_for_too_long_keeps_no_session_from_starting(station: Station, time: Time) -> None:
    """Its player would have the desktop, and pay nothing; each new helper would begin the wait again."""
    station.helper.die()
    station.control.allow_logon(True)
    seen = [station.locked]
    station.pc.logout_user()
    time.seconds += ARRIVE_SECONDS
    seen.append(station.locked)  # nobody is there yet
    station.pc.open_by_itself()
    seen.append(station.locked)
    time.seconds += ARRIVE_SECONDS - 0.1
    station.helper.die()
    station.control.allow_logon(True)  # the session is extended meanwhile
    seen.append(station.locked)
    time.seconds += 0.2
    seen.append(station.locked)

    assert [True, True, True, True, False] == seen


def test_a_session_whose_lock_screen_is_still_there_is_not_open(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    station.helper.obeys = False
    station.control.allow_logon(True)
    assert station.locked
    time.seconds += 2 * ARRIVE_SECONDS

    assert station.locked


def test_it_is_not_open_while_the_systems_own_lock_is_there(station: Station) -> None:
    station.pc.logout_user()
    station.pc.allow_logon(True)
    station.pc.lock_workstation()
    station.control.allow_logon(True)

    assert station.locked
    station.pc.open_by_itself()
    assert not station.locked


def test_the_helpers_death_on_an_open_station_changes_nothing(station: Station) -> None:
    station.play()
    for _ in range(5):
        station.helper.die()
        assert not station.control.helper_died()
        assert station.locked is False
        station.helper.come_back()

    assert ([], [], False) == (station.pc.acts, station.problems, station.locked)


def test_nothing_that_a_helper_shows_opens_a_closed_station(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    station.helper.obeys = False
    for kind in (RUNNING, HIDDEN, "grace", "paused", "unknown"):
        station.helper.shown = kind
        assert station.locked is not True
        assert station.control.covering
    station.helper.shown = LOCKED

    assert station.locked


def test_input_that_another_program_keeps_is_on_record_once_for_each_close(station: Station, time: Time) -> None:
    """What is covered is locked all the same: nothing of it is seen."""
    for number in (1, 2):
        station.play()
        station.control.lock_workstation()
        station.helper.grabbed = True
        assert station.locked
        time.seconds += kiosk.GRABBED_SECONDS - 0.1
        assert station.locked
        assert number - 1 == len(station.problems)
        for _ in range(3):
            time.seconds += 2
            assert station.locked
        station.helper.grabbed = False
        assert station.locked

    assert (["kiosk.input_grabbed"] * 2, []) == (station.codes, station.pc.acts)


def test_a_menu_that_closes_in_time_is_nothing_to_tell(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    for grabbed in (True, False, True, False):
        station.helper.grabbed = grabbed
        assert station.locked
        time.seconds += 4

    assert [] == station.problems


def test_a_session_that_ends_before_it_opened_leaves_the_screen_closed(station: Station) -> None:
    station.control.lock_workstation()
    station.helper.obeys = False
    station.control.allow_logon(True)
    station.control.allow_logon(False)
    station.helper.obeys = True
    station.helper.speak()

    assert (True, True) == (station.control.covering, station.locked)


def test_the_grace_leaves_an_open_screen_open(station: Station) -> None:
    station.play()
    station.control.allow_logon(False)

    assert (False, False) == (station.control.covering, station.locked)


def test_nobody_logged_on_is_closed_without_a_helper(station: Station) -> None:
    station.pc.logout_user()
    station.helper.die()
    station.control.lock_workstation()

    assert (True, []) == (station.locked, station.problems)


# Without the helper's word.
def kill(station: Station) -> None:
    station.helper.die()


def deafen(station: Station) -> None:
    station.helper.obeys = False


@pytest.mark.parametrize(("what", "why"), [(kill, "doesn't run"), (deafen, "didn't confirm it within 0.7 s")])
def test_without_a_confirmation_the_systems_own_lock_closes_it_at_once(
    station: Station, what: Callable[[Station], None], why: str
) -> None:
    station.play()
    what(station)
    station.control.lock_workstation()

    assert (True, ["lock"]) == (station.locked, station.pc.acts)
    ((code, text),) = station.problems
    assert "kiosk.not_confirmed" == code
    assert why in text
    assert "closed by the PC's own lock" in text
    assert ([] if what is kill else [CONFIRM_SECONDS]) == station.helper.waited


def test_where_the_lock_fails_too_the_player_is_logged_out(station: Station) -> None:
    station.play()
    station.helper.die()
    station.pc.lock_works = False
    station.control.lock_workstation()

    assert (True, ["logout"]) == (station.locked, station.pc.acts)
    assert "The lock failed (error 5). The PC was closed by a logout instead." in station.problems[0][1]


def test_where_all_fails_it_says_so_and_may_be_tried_again(station: Station, time: Time) -> None:
    station.play()
    station.helper.die()
    station.pc.lock_works = station.pc.logout_works = False
    with pytest.raises(ActionFailed, match=r"doesn't run\. The lock failed \(error 5\)\. The logout failed"):
        station.control.lock_workstation()
    assert station.locked is not True
    station.helper.come_back()
    station.control.lock_workstation()

    assert station.locked


def test_a_paused_sessions_player_is_not_logged_out(station: Station) -> None:
    station.play()
    station.helper.die()
    station.paused, station.pc.lock_works = True, False
    with pytest.raises(ActionFailed):
        station.control.lock_workstation()

    assert [] == station.pc.acts


def test_it_is_on_record_once_until_the_screen_was_covered_again(station: Station) -> None:
    station.play()
    station.helper.die()
    station.control.lock_workstation()
    station.pc.open_by_itself()
    station.control.lock_workstation()
    assert ["kiosk.not_confirmed"] == station.codes
    station.helper.come_back()
    assert station.locked
    station.helper.die()
    station.pc.open_by_itself()
    station.control.lock_workstation()

    assert ["kiosk.not_confirmed", "kiosk.not_confirmed"] == station.codes


def test_a_later_confirmation_makes_it_covered(station: Station) -> None:
    station.play()
    station.helper.obeys = False
    station.control.lock_workstation()
    station.pc.open_by_itself()
    station.helper.obeys = True
    station.helper.speak()

    assert station.locked


def test_a_system_that_cannot_tell_is_believed_its_own_lock_until_the_next_session(station: Station) -> None:
    station.pc.can_tell = False
    station.play()
    station.helper.die()
    station.control.lock_workstation()
    assert station.locked
    station.control.allow_logon(True)
    station.helper.come_back()

    assert not station.locked


# A helper that goes while the station is closed.
def test_a_screen_that_is_put_up_again_in_time_was_never_open(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    station.helper.die()
    time.seconds += 30
    seen = [station.locked]
    time.seconds += RETURN_SECONDS - 0.1
    seen.append(station.locked)
    station.helper.come_back()
    seen.append(station.locked)
    station.helper.die()
    seen.append(station.locked)

    assert [None, None, True, None] == seen


def test_one_that_stays_away_is_open(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    station.helper.die()
    assert station.locked is None
    time.seconds += RETURN_SECONDS + 0.01

    assert station.locked is False


def test_a_desktop_that_has_just_come_gets_longer_to_be_covered(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    station.helper.die()
    seen = [station.locked]
    station.pc.logout_user()
    seen.append(station.locked)
    time.seconds += 60
    station.pc.open_by_itself()
    station.helper.arriving = True
    seen.append(station.locked)
    time.seconds += ARRIVE_SECONDS - 0.1
    seen.append(station.locked)
    time.seconds += 0.2
    seen.append(station.locked)

    assert [None, True, None, None, False] == seen


def test_the_third_death_within_a_minute_logs_the_player_out(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    seen = []
    for _ in range(3):
        station.helper.die()
        seen.append(station.control.helper_died())
        station.helper.come_back()
        time.seconds += DEATHS_SECONDS / 3

    assert ([False, False, True], ["logout"], ["kiosk.helper_killed"]) == (seen, station.pc.acts, station.codes)


def test_deaths_further_apart_are_accidents(station: Station, time: Time) -> None:
    station.control.lock_workstation()
    for _ in range(6):
        assert not station.control.helper_died()
        time.seconds += DEATHS_SECONDS / 2

    assert [] == station.pc.acts


@pytest.mark.parametrize(("paused", "logout_works"), [(True, True), (False, False)])
def test_where_nobody_may_or_can_be_logged_out_the_systems_lock_is_used(paused: bool, logout_works: bool) -> None:
    station = Station()
    station.control.lock_workstation()
    station.paused, station.pc.logout_works = paused, logout_works
    for _ in range(3):
        assert not station.control.helper_died()

    assert (["lock"], ["kiosk.helper_killed"]) == (station.pc.acts, station.codes)
