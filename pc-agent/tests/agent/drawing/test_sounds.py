"""What the player hears, with a player program that records what it is given."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.drawing.sounds import PLAYERS, TONES, wave_file
from agent.overlay_link import ALERTS, LAST, LOCKED, MESSAGE, TIME_UP, WARNING, Frame
from tests.display import Display
from tests.helper import LOOK, Helper, helping, programs

RECORD = """#!/bin/sh
name="{folder}/$(date +%s%N)"
cp "$1" "$name.part" && mv "$name.part" "$name.wav"
{then}
"""


class Speaker:
    """A folder on PATH without the real players, and one where the fake ones put what they play."""

    def __init__(self, folder: Path) -> None:
        self.path = programs(folder / "bin", without=set(PLAYERS))
        self._bin, self._played = folder / "bin", folder / "played"
        self._played.mkdir()

    def install(self, player: str, then: str = "exit 0") -> None:
        program = self._bin / player
        program.write_text(RECORD.format(folder=self._played, then=then))
        program.chmod(0o755)

    def played(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self._played.glob("*.wav"))]

    @contextmanager
    def helping(self, display: Display) -> Iterator[Helper]:
        with helping(display, environ={"PATH": self.path}) as helper:
            yield helper


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    return Speaker(tmp_path)


def frame(number: int, alert: str) -> Frame:
    return Frame(LOCKED, alert=(number, alert))


def test_every_alert_has_a_tone_of_its_own() -> None:
    files = {alert: wave_file(alert) for alert in ALERTS}

    assert set(TONES) == set(ALERTS)
    assert len(ALERTS) == len(set(files.values()))
    for made in files.values():
        with wave.open(io.BytesIO(made)) as tone:
            assert (1, 2, 22_050) == (tone.getnchannels(), tone.getsampwidth(), tone.getframerate())
            assert 0.2 < tone.getnframes() / 22_050 < 1.5
            samples = memoryview(tone.readframes(tone.getnframes())).cast("h")
            assert 10_000 < max(samples) < 20_000
            assert max(map(abs, samples[:5])) < 1000  # it doesn't click


def test_a_new_number_sounds_once_and_what_came_first_does_not(display: Display, speaker: Speaker) -> None:
    speaker.install("aplay")
    with speaker.helping(display) as helper:
        helper.say(LOOK, frame(7, WARNING), frame(7, WARNING))
        helper.say(frame(8, LAST), frame(8, LAST), Frame(LOCKED), frame(8, LAST))
        helper.until(lambda: speaker.played() == [wave_file(LAST)])
        helper.say(frame(9, TIME_UP))
        helper.until(lambda: len(speaker.played()) == 2)
        helper.say(frame(10, MESSAGE))
        helper.until(lambda: len(speaker.played()) == 3)

    assert [wave_file(alert) for alert in (LAST, TIME_UP, MESSAGE)] == speaker.played()


def test_a_silent_station_plays_nothing_and_does_not_catch_up(display: Display, speaker: Speaker) -> None:
    speaker.install("aplay")
    with speaker.helping(display) as helper:
        helper.say(LOOK._replace(sound=False), Frame(LOCKED), frame(1, LAST))
        helper.say(LOOK._replace(sound=True), frame(1, LAST), frame(2, MESSAGE))
        helper.until(speaker.played)

    assert [wave_file(MESSAGE)] == speaker.played()


def test_a_player_that_fails_hands_over_to_the_next_for_good(display: Display, speaker: Speaker) -> None:
    speaker.install("pw-play", "exit 1")
    speaker.install("aplay")
    with speaker.helping(display) as helper:
        helper.say(LOOK, Frame(LOCKED), frame(1, WARNING))
        helper.until(lambda: len(speaker.played()) == 2)
        helper.say(frame(2, LAST))
        helper.until(lambda: len(speaker.played()) == 3)

    assert [wave_file(alert) for alert in (WARNING, WARNING, LAST)] == speaker.played()


def test_without_a_player_it_says_so_once_and_goes_on(display: Display, speaker: Speaker) -> None:
    with speaker.helping(display) as helper:
        helper.lock()
        helper.say(frame(1, WARNING), frame(2, LAST))
        helper.lock()
        helper.say(Frame("hidden"))
        assert 0 == helper.close()
        told = helper.complaints()

    assert 1 == told.count("none of pw-play, paplay, aplay can play a sound here; the display's bell is asked instead")


def test_a_player_that_hangs_holds_nothing_up(display: Display, speaker: Speaker) -> None:
    speaker.install("aplay", "exec sleep 1000 </dev/null")
    with speaker.helping(display) as helper:
        helper.lock()
        helper.say(frame(1, WARNING))
        helper.until(speaker.played)
        helper.say(Frame("paused", 60.0))
        display.until_title(r"GameOps 01:00 .*")
