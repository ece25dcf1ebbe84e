"""What the screen shows: the look of the venue in its language, pictures with their news, and what the player chose."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from agent import clock
from agent.announce import LAST_SCREEN_SECONDS
from agent.overlay_link import (
    ENDED,
    FREE,
    GRACE,
    HIDDEN,
    LAST,
    LOCKED,
    MESSAGE,
    OPENING,
    OVER,
    PAUSED,
    RUNNING,
    TIME_UP,
    WARNING,
    Chosen,
    Frame,
)
from agent.protocol import HelloStation, Policy
from agent.screen import Screen
from agent.session_state import Notify, Settings
from agent.texts import ENGLISH, LONGEST_MESSAGE
from tests.station import Station

GERMAN: dict[str, object] = {
    "language.name": "Deutsch",
    "warning.title": "Noch {minutes} Min.",
    "over.title": "Die Zeit ist um",
    "over.text": "Jetzt speichern.",
    "desk.title": "Von der Theke",
}
POLICY = Policy(venue_name="Demo Arena", locale="de-AT", house_message="No food.", texts={"de": GERMAN})


def made(folder: Path, *, overlay: bool = True) -> Screen:
    return Screen(station="PC-01", state_dir=folder, sound=True, overlay=overlay)


def picture(screen: Screen, station: Station, *, covering: bool = False) -> Frame:
    """What a helper is told now."""
    frame = screen.frame(station.state, station.now, connected=True, covering=covering)
    screen.handed_over(frame)
    return frame


@pytest.fixture
def playing() -> Station:
    station = Station()
    station.start(ends=3600)
    return station


# The look.
def test_without_a_server_it_is_the_configs_name_in_english(tmp_path: Path) -> None:
    look = made(tmp_path).look()

    assert ("PC-01", "", "", "", "en", ENGLISH) == (
        look.station,
        look.venue,
        look.zone,
        look.house_message,
        look.locale,
        look.texts,
    )
    assert ((("en", "English"),), None, True) == (look.languages, look.place, look.sound)


def test_the_server_says_how_the_station_is_called_and_which_language_is_spoken(tmp_path: Path) -> None:
    screen = made(tmp_path)
    screen.show_station(HelloStation(id="st-1", name="PC-07", zone="Arena"))
    screen.show_policy(POLICY)
    look = screen.look()

    assert ("PC-07", "Demo Arena", "Arena", "No food.", "de") == (
        look.station,
        look.venue,
        look.zone,
        look.house_message,
        look.locale,
    )
    assert (("en", "English"), ("de", "Deutsch")) == look.languages
    assert ("Noch {minutes} Min.", ENGLISH["lock.ask"]) == (look.texts["warning.title"], look.texts["lock.ask"])


def test_a_text_that_cannot_be_used_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    screen = made(tmp_path)
    with caplog.at_level(logging.WARNING):
        for venue in ("A", "B"):
            screen.show_policy(Policy(venue_name=venue, texts={"de": {"lock.ask": "{x}"}}))
        screen.show_policy(Policy())
        screen.show_policy(Policy(texts={"de": {"lock.ask": "{x}"}}))

    assert 1 == caplog.text.count("The server's text 'lock.ask' in de")


# What the player chooses.
def test_only_an_offered_language_can_be_chosen_and_it_holds_until_the_last_screen_is_over(
    tmp_path: Path, playing: Station
) -> None:
    screen = made(tmp_path)
    screen.show_policy(POLICY)
    screen.choose(Chosen(language="fr"))
    assert "de" == screen.look().locale
    screen.choose(Chosen(language="en"))
    picture(screen, playing)
    assert "en" == screen.look().locale
    playing.end()
    seen = []
    for seconds in (0.0, LAST_SCREEN_SECONDS - 1, 2.0):
        playing.mono += seconds
        seen.append((picture(screen, playing, covering=True).reason, screen.look().locale))

    assert [(ENDED, "en"), (ENDED, "en"), (FREE, "de")] == seen


@pytest.mark.parametrize(("id_", "language"), [("s1", "en"), ("s2", "de")], ids=["the same player", "the next one"])
def test_on_the_last_screen_a_session_that_comes_back_keeps_its_language_and_the_next_one_has_the_venues(
    tmp_path: Path, playing: Station, id_: str, language: str
) -> None:
    screen = made(tmp_path)
    screen.show_policy(POLICY)
    screen.choose(Chosen(language="en"))
    picture(screen, playing)
    playing.end()
    picture(screen, playing, covering=True)
    playing.start(id_, ends=7200, version=9)
    picture(screen, playing)

    assert language == screen.look().locale


def test_a_language_chosen_before_the_session_holds_in_it(tmp_path: Path) -> None:
    screen, station = made(tmp_path), Station()
    screen.show_policy(POLICY)
    picture(screen, station, covering=True)
    screen.choose(Chosen(language="en"))
    station.start(ends=3600)
    picture(screen, station)

    assert "en" == screen.look().locale


def test_the_overlays_place_survives_a_restart(tmp_path: Path) -> None:
    screen = made(tmp_path)
    screen.choose(Chosen(place=(-300, 40)))
    screen.choose(Chosen(place=(10**9, 40)))
    screen.choose(Chosen(language="en"))
    screen.save()

    assert (-300, 40) == screen.look().place == made(tmp_path).look().place


@pytest.mark.parametrize("content", ["", "{", "[]", '{"place": null}', '{"place": [1]}', '{"place": ["a", 2]}'])
def test_a_place_that_says_nothing_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "overlay.json").write_text(content)

    assert made(tmp_path).look().place is None


def test_a_place_that_cannot_be_kept_costs_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    screen = made(tmp_path / "nowhere")
    screen.choose(Chosen(place=(1, 2)))
    screen.save()
    screen.save()

    assert 1 == caplog.text.count("The overlay's place can't be kept")
    assert (1, 2) == screen.look().place


# Words and sounds.
def test_words_are_the_venues_and_shown_for_a_while(
    tmp_path: Path, playing: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing.run_until(3300)
    screen = made(tmp_path)
    screen.show_policy(POLICY)
    now = clock.monotonic()
    monkeypatch.setattr(clock, "monotonic", lambda: now)

    assert ("Noch 5 Min.", ENGLISH["warning.text"]) == screen.notify(Notify(WARNING, 5))
    assert ("Noch 5 Min.", ENGLISH["warning.text"]) == picture(screen, playing).message
    monkeypatch.setattr(clock, "monotonic", lambda: now + 10.1)
    assert picture(screen, playing).message is None
    assert ("Die Zeit ist um", "Jetzt speichern.") == screen.notify(Notify(TIME_UP))
    assert ("Die Zeit ist um", ENGLISH["over.text_logout"]) == screen.notify(Notify(TIME_UP, logout=True))
    assert ("Die Zeit ist um", ENGLISH["over.text_lock"]) == screen.notify(Notify(TIME_UP, lock=True))
    assert ("Von der Theke", "Pizza") == screen.message(None, "Pizza")
    assert ("Kitchen", "Pizza") == screen.message("Kitchen", "Pizza")


def test_what_a_server_writes_too_long_is_one_line_that_can_be_drawn(tmp_path: Path) -> None:
    """Drawing 30,000 Arabic letters takes the helper three seconds, and it is ended for its silence."""
    screen = made(tmp_path)
    long = "بطولة يوم السبت\n" * 2000
    screen.show_policy(Policy(venue_name=long, house_message=long))
    screen.show_station(HelloStation(name=long, zone=long))
    look = screen.look()

    for said in (look.venue, look.house_message, look.station, look.zone):
        assert (LONGEST_MESSAGE, False) == (len(said), "\n" in said)


def test_a_warning_goes_at_once_when_more_time_comes(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path)
    playing.run_until(3540)
    screen.notify(Notify(LAST, 1))
    before = picture(screen, playing).message
    playing.extend(ends=4200)
    after = picture(screen, playing).message

    assert (("1 min left", ENGLISH["warning.text"]), None) == (before, after)


def test_a_session_that_comes_back_in_its_grace_isnt_told_that_its_time_is_up(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path)
    screen.notify(Notify(LAST, 1))
    playing.run_until(3601)
    screen.notify(Notify(TIME_UP, logout=True))
    seen = [picture(screen, playing)]
    playing.extend(ends=7200)
    seen.append(picture(screen, playing))

    assert [(GRACE, None), (RUNNING, None)] == [(frame.kind, frame.message) for frame in seen]


def test_the_desks_words_are_shown_in_the_grace_and_never_to_the_next_player(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path)
    picture(screen, playing)
    playing.run_until(3601)
    words = screen.message(None, "Pizza")
    screen.notify(Notify(TIME_UP))
    in_grace = picture(screen, playing)
    playing.start("s2", ends=7200)

    assert (GRACE, words) == (in_grace.kind, in_grace.message)
    assert (RUNNING, None) == (picture(screen, playing).kind, picture(screen, playing).message)


def test_each_alert_has_its_own_number(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path)
    heard = [picture(screen, playing).alert]
    for news in (Notify(WARNING, 5), Notify(LAST, 1), Notify(TIME_UP)):
        screen.notify(news)
        heard += [picture(screen, playing).alert, picture(screen, playing).alert]
    screen.message(None, "Pizza")
    heard.append(picture(screen, playing).alert)

    first, last, up, desk = (1, WARNING), (2, LAST), (3, TIME_UP), (4, MESSAGE)
    assert [None, first, first, last, last, up, up, desk] == heard


def test_a_new_helper_sounds_nothing_again_and_the_numbers_go_on(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path)
    picture(screen, playing)
    screen.notify(Notify(WARNING, 5))
    picture(screen, playing)
    screen.helper_started()
    heard = [picture(screen, playing).alert, picture(screen, playing).alert]
    screen.notify(Notify(LAST, 1))

    assert [None, None, (2, LAST)] == [*heard, picture(screen, playing).alert]


def test_what_no_helper_was_told_is_sounded_by_the_next_one_after_its_first_picture(
    tmp_path: Path, playing: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = made(tmp_path)
    picture(screen, playing)
    screen.notify(Notify(WARNING, 5))
    screen.helper_started()

    assert [None, (1, WARNING)] == [picture(screen, playing).alert, picture(screen, playing).alert]
    screen.notify(Notify(LAST, 1))
    later = clock.monotonic() + 60
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    screen.helper_started()
    assert [None, None] == [picture(screen, playing).alert, picture(screen, playing).alert]


# Pictures.
def test_without_overlay_only_the_lock_screen_is_shown(tmp_path: Path, playing: Station) -> None:
    screen = made(tmp_path, overlay=False)

    assert HIDDEN == picture(screen, playing).kind
    assert LOCKED == picture(screen, playing, covering=True).kind


def test_the_lock_screen_says_why_it_is_there(tmp_path: Path) -> None:
    screen, station = made(tmp_path), Station(Settings(grace_seconds=30), logon_delay=5)

    def reason() -> tuple[str, float]:
        frame = picture(screen, station, covering=True)
        assert LOCKED == frame.kind
        return frame.reason, round(frame.seconds_left)

    assert (FREE, 0) == reason()
    station.start(ends=600)
    assert OPENING == reason()[0]
    station.run_until(100)
    station.pause(left=450)
    assert (PAUSED, 450) == reason()
    station.resume(ends=700)
    station.run_until(729.5)
    assert OVER == reason()[0]
    station.run_until(789)
    assert (OVER, 0) == reason()
    station.run_until(791)
    assert (FREE, 0) == reason()
    station.start("s2", ends=2000)
    station.run_until(1000)
    station.end("s2")
    assert (ENDED, 0) == reason()
    station.run_until(1061)
    assert (FREE, 0) == reason()


def test_an_end_by_the_desk_in_the_grace_is_still_that_the_time_is_over(tmp_path: Path) -> None:
    screen, station = made(tmp_path), Station()
    station.start(ends=600)
    station.run_until(610)
    station.end()

    assert OVER == picture(screen, station, covering=True).reason


def test_the_overlay_is_shown_while_nothing_covers_the_screen(tmp_path: Path, playing: Station) -> None:
    assert RUNNING == picture(made(tmp_path), playing).kind
