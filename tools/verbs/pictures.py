"""`make pictures`: every screen of the running product, in each width, theme and language, as pictures.

`HELP=1` says what can be chosen. A venue is made up for it, with real agents, in a database that is gone afterwards.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import dashboard, system
from tools.layout import ARTIFACTS
from tools.pictures.camera import Camera, Look, chromium
from tools.pictures.documented import DOCUMENTED_STATIONS, take_documented
from tools.pictures.floors import evening
from tools.pictures.play import Stage, stage, top_up
from tools.pictures.screens import SCREENS, Screen, exists
from tools.programs import OWNER, PASSWORD
from tools.say import Refusal, say, step

WIDTHS, THEMES, LANGUAGES, STATIONS = "1440 1024 390", "dark light", "en ar", "12"
HELP = f"""make pictures takes every screen of the running product: OUT/STATIONS/SCREEN-WIDTH-THEME-LANGUAGE.png

  OUT=        folder for them (test-artifacts/pictures)
  ONLY=       some screens, or how their names begin: ONLY="floor panel analytics"
  STATIONS=   venues by their number of stations ({STATIONS}); 0 is a venue that was just installed, 200 a large one
  WIDTHS=     of the window ({WIDTHS})
  HEIGHT=     of the window, for what is below the fold: HEIGHT=2400
  THEMES=     ({THEMES})
  LANGUAGES=  ({LANGUAGES}); also es, tr
  ROLE=       who looks: owner, manager, attendant or viewer (owner)
  BUILT=1     look at dashboard/out as it is, also when the sources have changed since
  STAY=1      take none, but say where the venue runs and keep it until Ctrl-C
  DOCS=1      instead take those that README and docs show, into docs/images

Screens: {", ".join(screen.name for screen in SCREENS)}."""
USERS = {"owner": OWNER, "manager": "şeyma", "attendant": "emre", "viewer": "nuria"}


def main() -> int:
    if os.environ.get("HELP"):
        say(HELP)
        return 0
    screens = chosen_screens(words("ONLY", ""))
    look = Look(
        widths=[int(width) for width in words("WIDTHS", WIDTHS)],
        themes=["light" if theme == "light" else "dark" for theme in words("THEMES", THEMES)],
        languages=words("LANGUAGES", LANGUAGES),
        height=int(os.environ.get("HEIGHT") or 0),
    )
    system.ensure_test_needs()
    if not os.environ.get("BUILT"):
        dashboard.ensure_built()
    if os.environ.get("STAY"):
        return stay(int(words("STATIONS", STATIONS)[0]))
    if os.environ.get("DOCS"):
        with chromium() as browser, venue_of(DOCUMENTED_STATIONS) as venue:
            return take_documented(browser, venue)
    out = Path(os.environ.get("OUT") or ARTIFACTS / "pictures").resolve()
    complaints = [said for count in words("STATIONS", STATIONS) for said in take(int(count), screens, look, out)]
    for said in complaints:
        say(f"complained  {said}")
    say(f"\nThe pictures are in {out}; {len(complaints)} complaints in the pages' consoles.")
    return 1 if complaints else 0


def words(name: str, otherwise: str) -> list[str]:
    """What the caller chose, or the usual."""
    return (os.environ.get(name) or otherwise).split()


def chosen_screens(only: Sequence[str]) -> list[Screen]:
    """All screens, or those whose names begin with one of these words."""
    unknown = [name for name in only if not any(screen.name.startswith(name) for screen in SCREENS)]
    if unknown:
        known = ", ".join(screen.name for screen in SCREENS)
        raise Refusal(f"There is no screen {' '.join(unknown)}. ONLY takes some of: {known}.")
    return [screen for screen in SCREENS if not only or any(screen.name.startswith(name) for name in only)]


def take(stations: int, screens: Sequence[Screen], look: Look, out: Path) -> list[str]:
    """Pictures of one venue; what its pages complained of."""
    folder = out / str(stations)
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, venue_of(stations) as venue:
        camera = Camera(browser, venue, look, folder)
        for screen in screens:
            path = screen.where(venue)
            if not path or not exists(screen, path):
                say(f"  no {screen.name} here")
                continue
            top_up(venue)
            with step(f"{screen.name} of {stations} stations"):
                camera.take(screen, path, user())
        return camera.complaints


def user() -> str:
    role = os.environ.get("ROLE") or "owner"
    if role not in USERS:
        raise Refusal(f"Nobody is {role}. ROLE takes one of: {', '.join(USERS)}.")
    return USERS[role]


@contextmanager
def venue_of(stations: int) -> Iterator[Stage]:
    say(f"· Preparing a venue of {stations} stations (a minute or two) ...")
    with stage(evening(stations)) as venue:
        say(f"  it runs at {venue.backend.url}")
        yield venue


def stay(stations: int) -> int:
    """Keep the venue for somebody who looks at it by hand."""
    with venue_of(stations) as venue:
        people = ", ".join(f"{name} ({role})" for role, name in USERS.items())
        say(f"Open {venue.backend.url} and sign in as one of {people} with “{PASSWORD}”. Ctrl-C ends it.")
        signal.pause()
    return 0
