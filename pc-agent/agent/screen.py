"""What a station's screen shows and in which language: the pictures and looks that the helper is told."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from agent import announce, clock
from agent.overlay_link import ALERTS, HIDDEN, LOCKED, MESSAGE, TIME_UP, Chosen, Frame, Look
from agent.protocol import HelloStation, Policy
from agent.session_rules import LIVE, time_remaining
from agent.session_state import LastEnd, Moment, Notify, State
from agent.texts import Languages, one_line

log = logging.getLogger(__name__)

MESSAGE_SECONDS = 10.0
"""How long a word to the player stays above the time."""

DESK_SECONDS = 30.0
"""How long a word of the desk does: nobody expects it, and it is said once."""

WARNING_SLACK_SECONDS = 31.0
"""Whole minutes are said: so much more may be left than a warning says."""

FARTHEST_PIXELS = 100_000
"""A place of the overlay beyond this is on no screen."""


class Screen:
    """One station's screen. `overlay`: whether anything but the lock screen is shown."""

    def __init__(self, *, station: str, state_dir: Path, sound: bool, overlay: bool) -> None:
        self._name, self._sound, self._overlay = station, sound, overlay
        self._file = state_dir / "overlay.json"
        self._place = self._saved_place = _read_place(self._file)
        self._station, self._policy = HelloStation(), Policy()
        self._languages = Languages({})
        self._chosen: str | None = None
        self._last_end: LastEnd | None = None
        self._leaver: str | None = None
        """Whose language is still spoken: the session that ended last, until its last screen is over."""
        self._message: tuple[tuple[str, str], float] | None = None
        self._from_desk = False
        self._warned_minutes: int | None = None
        """What the message says is left, if it is a warning."""
        self._alert: tuple[int, str] | None = None
        self._number = self._handed_over = 0
        self._raised_at = 0.0
        self._quiet = True
        self._complaints: set[str] = set()

    # -- what the server says -----------------------------------------------------------------------------------------

    def show_station(self, station: HelloStation) -> None:
        self._station = station

    def show_policy(self, policy: Policy) -> None:
        """The venue's name, words and languages. Texts that can't be used are logged, once."""
        if policy.texts != self._policy.texts:
            self._languages = Languages(policy.texts or {})
            for problem in self._languages.problems:
                if problem not in self._complaints:
                    self._complaints.add(problem)
                    log.warning("%s", problem)
        self._policy = policy

    # -- what the player is told and chooses --------------------------------------------------------------------------

    def notify(self, news: Notify) -> tuple[str, str]:
        """Show and sound a warning or the end. Answers title and text for the system's notification."""
        if news.alert == TIME_UP:
            key = "over.text_logout" if news.logout else "over.text_lock" if news.lock else "over.text"
            words = self._say("over.title"), self._say(key)
            if not self._from_desk:
                self._message = None  # the overlay says itself that the time is up, and for how long that is true
        else:
            words = self._say("warning.title", minutes=news.minutes), self._say("warning.text")
            self._show(words, MESSAGE_SECONDS, from_desk=False)
            self._warned_minutes = news.minutes
        self._raise(news.alert)
        return words

    def message(self, title: str | None, text: str) -> tuple[str, str]:
        """Show and sound the desk's words. Answers title and text for the system's notification."""
        words = title or self._say("desk.title"), text
        self._show(words, DESK_SECONDS, from_desk=True)
        self._raise(MESSAGE)
        return words

    def choose(self, chosen: Chosen) -> None:
        """The player has put the overlay somewhere, or chosen one of the languages that are offered."""
        if chosen.place and max(map(abs, chosen.place)) <= FARTHEST_PIXELS:
            self._place = chosen.place
        if chosen.language in dict(self._languages.names):
            self._chosen, self._leaver = chosen.language, None

    def save(self) -> None:
        """Keep the overlay's place. A disk that refuses costs only that."""
        if self._place == self._saved_place:
            return
        self._saved_place = self._place
        draft = self._file.with_name(f"{self._file.name}.new")
        try:
            draft.write_text(json.dumps({"place": self._place}), encoding="utf-8")
            draft.replace(self._file)
        except OSError as error:
            log.warning("The overlay's place can't be kept in %s (%s).", self._file, error.strerror)

    # -- what the helper is told --------------------------------------------------------------------------------------

    def look(self) -> Look:
        tag = self._language()
        return Look(
            station=one_line(self._station.name or self._name),
            venue=one_line(self._policy.venue_name),
            zone=one_line(self._station.zone),
            house_message=one_line(self._policy.house_message),
            locale=tag,
            texts=self._languages.texts(tag),
            languages=self._languages.names,
            place=self._place,
            sound=self._sound,
        )

    def helper_started(self) -> None:
        """A new helper's first picture has no news. What none was told yet is sounded after it, if it is still new."""
        self._quiet = True
        if self._number <= self._handed_over or clock.monotonic() > self._raised_at + MESSAGE_SECONDS:
            self._alert = None

    def frame(self, state: State, moment: Moment, *, connected: bool, covering: bool) -> Frame:
        """The picture of now, to be handed to the helper."""
        self._take_leave(state, moment)
        if self._warned_minutes and time_remaining(state, moment) > 60 * self._warned_minutes + WARNING_SLACK_SECONDS:
            self._message = self._warned_minutes = None  # there is more time since
        message = self._message[0] if self._message and clock.monotonic() < self._message[1] else None
        drawn = announce.frame(state, moment, connected=connected, covering=covering, message=message)
        if not self._overlay and drawn.kind != LOCKED:
            drawn = Frame(HIDDEN, connected=connected)
        if self._alert and not self._quiet:
            drawn = drawn._replace(alert=self._alert)
        return drawn

    def handed_over(self, frame: Frame) -> None:
        """The helper was told this picture."""
        self._quiet = False
        if frame.alert:
            self._handed_over = frame.alert[0]

    def _take_leave(self, state: State, moment: Moment) -> None:
        """The next player hears nothing that was said to this one, and is spoken to in the venue's language. This one's
        last screen is still his own, and if his session comes back he is there.
        """
        session = state.session if state.phase in LIVE else None
        if state.last_end is not None and state.last_end != self._last_end:
            past = state.session if session is None and state.session else state.ended[-1] if state.ended else None
            self._leaver, self._message = past.id if past else "", None
        self._last_end = state.last_end
        if self._leaver is None or state.last_end is None:
            return
        if session or moment.mono - state.last_end.at >= announce.LAST_SCREEN_SECONDS:
            if session is None or session.id != self._leaver:
                self._chosen = None
            self._leaver = None

    def _show(self, words: tuple[str, str], seconds: float, *, from_desk: bool) -> None:
        self._message, self._from_desk = (words, clock.monotonic() + seconds), from_desk
        self._warned_minutes = None

    def _raise(self, alert: str) -> None:
        assert alert in ALERTS
        self._number, self._raised_at = self._number + 1, clock.monotonic()
        self._alert = self._number, alert

    def _say(self, key: str, **values: object) -> str:
        return self._languages.texts(self._language())[key].format(**values)

    def _language(self) -> str:
        return self._languages.best(self._chosen or self._policy.locale)


def _read_place(file: Path) -> tuple[int, int] | None:
    """The overlay's place as it was kept; None for none, and for a file that says nothing of use."""
    try:
        left, top = json.loads(file.read_text(encoding="utf-8"))["place"]
        return int(left), int(top)
    except (OSError, ValueError, TypeError, KeyError):
        return None
