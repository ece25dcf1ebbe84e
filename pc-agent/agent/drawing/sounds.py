"""Short tones for the player, made here and played by a program that is there. Nothing waits for them.

They are heard in exclusive full screen, too, where no window can be shown above a game.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable

from agent.overlay_link import LAST, MESSAGE, TIME_UP, WARNING

PLAYERS = ("pw-play", "paplay", "aplay")
"""Of PipeWire, PulseAudio and ALSA, in this order: the first that plays is kept."""

RATE = 22_050
LOUDNESS = 0.5
FADE_SECONDS = 0.012
"""Tones begin and end softly, or they would click."""

E5, A5, C6, G4, C5 = 659.26, 880.0, 1046.5, 392.0, 523.25
TONES: dict[str, tuple[tuple[float, float], ...]] = {
    WARNING: ((E5, 0.16), (A5, 0.26)),
    LAST: ((A5, 0.12), (0, 0.06), (A5, 0.12), (0, 0.06), (C6, 0.3)),
    TIME_UP: ((C6, 0.18), (A5, 0.18), (E5, 0.18), (G4, 0.5)),
    MESSAGE: ((C5, 0.1), (E5, 0.18)),
}
"""(hertz, seconds) one after the other; 0 Hz is silence. Rising: there is time; falling: it is over."""


class Sounds:
    """`bell` sounds where no player is there; `note` gets one line about that, once."""

    def __init__(self, bell: Callable[[], None], note: Callable[[str], None]) -> None:
        self._bell, self._note = bell, note
        self._heard: int | None = None
        self._started = False
        self._players = list(PLAYERS)
        self._files: dict[str, int] = {}
        self._playing: dict[int, tuple[str, str]] = {}

    def frame(self, alert: tuple[int, str] | None, *, aloud: bool) -> None:
        """Sound an alert once. What the first frame carries has been heard before this process was there."""
        new = self._started and alert is not None and alert[0] != self._heard
        self._started = True
        if alert is None:
            return
        self._heard = alert[0]
        if new and aloud and alert[1] in TONES:
            self._play(alert[1])

    def settle(self) -> None:
        """See how the players ended. One that couldn't play isn't asked again, and the next one is."""
        for pid, (player, name) in list(self._playing.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended == 0:
                continue
            del self._playing[pid]
            if os.waitstatus_to_exitcode(status) != 0:
                self._give_up(player)
                self._play(name)

    def _play(self, name: str) -> None:
        if sys.platform == "win32":
            self._play_on_windows(name)
            return
        while self._players:
            player = self._players[0]
            try:
                self._playing[_started(player, self._file(name))] = (player, name)
                return
            except OSError:
                self._give_up(player)
        self._bell()

    def _give_up(self, player: str) -> None:
        if player in self._players:
            self._players.remove(player)
            if not self._players:
                self._note(f"none of {', '.join(PLAYERS)} can play a sound here; the display's bell is asked instead")

    def _file(self, name: str) -> str:
        """A file in memory that holds the tone, under a name that another program can open."""
        if name not in self._files:
            self._files[name] = os.memfd_create(f"{name}.wav")
            os.write(self._files[name], wave_file(name))
        return f"/proc/{os.getpid()}/fd/{self._files[name]}"

    def _play_on_windows(self, name: str) -> None:
        if sys.platform == "win32":
            import tempfile
            import winsound

            path = os.path.join(tempfile.gettempdir(), f"gameops-{name}.wav")  # it can't play from memory and go on
            try:
                with open(path, "wb") as file:
                    file.write(wave_file(name))
                winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            except (OSError, RuntimeError) as error:  # another program reads the file, or there is no sound device
                self._note(f"no sound: {error}")
                self._bell()


def _started(player: str, path: str) -> int:
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        moves = [(os.POSIX_SPAWN_DUP2, nowhere, number) for number in (0, 1, 2)]
        return os.posix_spawnp(player, [player, path], os.environ, file_actions=moves)
    finally:
        os.close(nowhere)


def wave_file(name: str) -> bytes:
    """The tone as a WAV file: one channel, 16 bits."""
    import io
    import wave
    from array import array

    samples = array("h")
    for hertz, seconds in TONES[name]:
        count = int(RATE * seconds)
        fade = RATE * FADE_SECONDS
        for n in range(count):
            shape = min(1.0, n / fade, (count - n) / fade)
            samples.append(int(32767 * LOUDNESS * shape * math.sin(2 * math.pi * hertz * n / RATE)))
    if sys.byteorder == "big":
        samples.byteswap()
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return made.getvalue()
