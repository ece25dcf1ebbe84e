"""The desk's page in Chromium: the main thread's work, a click until its answer is painted, memory, Lighthouse."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Locator, Page

from bench.lighthouse import GOALS, scores
from tools.pictures.camera import Camera, Look, chromium, ready
from tools.pictures.floors import Evening, Play, large
from tools.pictures.play import Stage, stage
from tools.programs import OWNER
from tools.say import say

MEBIBYTE = 1024 * 1024
BUSY_SHARE = 0.6  # of the stations of an evening
MINUTES = 240
MORE_TIME = '.panel-appear button:has-text("+15")'
ANSWER_WITHIN_MS = 10_000

# Milliseconds from a click to the end of the frame in which the text of the first `answer` has changed.
TIMED_CLICK = """({ answer, within }) => {
  const shown = () => document.querySelector(answer)?.textContent;
  window.took = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${answer} still says ${shown()}`)), within);
    addEventListener("click", ({ timeStamp }) => {
      const before = shown();
      const painted = () => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => resolve(performance.now() - timeStamp);
        after.port2.postMessage(null);
      });
      const watch = new MutationObserver(() => {
        if (shown() === before) return;
        watch.disconnect();
        painted();
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    }, { capture: true, once: true });
  });
}"""


class Work(NamedTuple):
    """Milliseconds of the main thread: all of it, and of that scripts, styles and layout."""

    task: float
    script: float
    style: float
    layout: float


@dataclass
class Seen:
    """A floor in a browser, and what goes on there."""

    venue: Stage
    page: Page
    cdp: CDPSession
    corrections: Iterator[tuple[str, int]]

    def update(self) -> None:
        """One station's session gets a minute, or loses it again."""
        session, seconds = next(self.corrections)
        body = {"seconds": seconds, "reason": "Measured"}
        self.venue.backend.api.call("POST", f"/api/v1/sessions/{session}/correct", body)

    def metrics(self) -> dict[str, float]:
        return {each["name"]: each["value"] for each in self.cdp.send("Performance.getMetrics")["metrics"]}

    def work(self) -> Work:
        """Of the main thread, since the page was opened."""
        now = self.metrics()
        names = ("TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
        return Work(*(now[name] * 1000 for name in names))


def busy_floor(stations: int) -> Evening:
    """So many stations by hand, most of them in session for hours."""
    floor = large(stations)
    spots = tuple(replace(spot, driver="manual") for spot in floor.spots)
    plays = tuple(Play(spot.name, MINUTES, f"Player {n}") for n, spot in enumerate(spots) if n % 10 < BUSY_SHARE * 10)
    return replace(floor, spots=spots, plays=plays, agents=(), cut_off="", maintenance=None)


def figures(tiles: Sequence[int], seconds: int, clicks: int, updates: int) -> bool:
    """All of it, as tables; the clicks and the memory at the middle size. Whether Lighthouse's goals are reached."""
    with chromium() as browser:
        say(f"\n{f'main thread, ms a second over {seconds} s':<44}{'all':>7}{'script':>8}{'style':>7}{'layout':>8}")
        for count in tiles:
            with stage(busy_floor(count), days=1) as venue, floor(browser, venue) as seen:
                row(f"{count} tiles, time alone", a_second(seen, seconds, updating=False))
                row(f"{count} tiles, one station changes a second", a_second(seen, seconds, updating=True))
                if count == sorted(tiles)[len(tiles) // 2]:
                    answered(seen, count, clicks)
                    grown(seen, count, updates)
    return judged()


def row(name: str, work: Work) -> None:
    say(f"{name:<44}{work.task:>7.1f}{work.script:>8.1f}{work.style:>7.1f}{work.layout:>8.1f}")


@contextmanager
def floor(browser: Browser, venue: Stage) -> Iterator[Seen]:
    """The floor of that venue on a desk's screen, settled."""
    camera = Camera(browser, venue, Look([1440], ["dark"], ["en"]), folder=venue.backend.log.parent)
    with camera.window(1440, OWNER) as page:
        page.goto(venue.backend.url)
        ready(page, "the floor")
        page.locator("button[data-station]").first.wait_for()
        page.wait_for_timeout(3000)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        sessions = [each["session"]["id"] for each in venue.backend.api.stations().values() if each["session"]]
        turns = cycle([(session, seconds) for seconds in (60, -60) for session in sessions])
        yield Seen(venue, page, cdp, turns)
    assert not camera.complaints, "\n".join(camera.complaints)


def a_second(seen: Seen, seconds: int, *, updating: bool) -> Work:
    """What the main thread does in a second."""
    before, started = seen.work(), time.monotonic()
    for second in range(1, seconds + 1):
        if updating:
            seen.update()
        time.sleep(max(0.0, started + second - time.monotonic()))
    after, took = seen.work(), time.monotonic() - started
    return Work(*((late - early) / took for early, late in zip(before, after, strict=True)))


def answered(seen: Seen, tiles: int, clicks: int) -> None:
    """How long the desk waits for a station's panel, and for the first sight of more time."""
    page = seen.page
    names = [name for name, each in seen.venue.backend.api.stations().items() if each["session"]][:clicks]
    opened, extended = [], []
    for name in names:
        tile = page.locator(f'button[data-station="{name}"]')
        tile.scroll_into_view_if_needed()
        opened.append(timed(tile, ".panel-appear h2"))
        extended.append(timed(page.locator(MORE_TIME), f'[data-station="{name}"] .tile-foot > span'))
        page.wait_for_timeout(300)
    say(f"\n{f'click to painted answer, ms, {tiles} tiles':<44}{'p50':>7}{'worst':>8}")
    for what, took in (("a tile's panel", opened), ("15 minutes more, on the tile", extended)):
        say(f"{f'{what}, {len(took)} clicks':<44}{statistics.median(took):>7.0f}{max(took):>8.0f}")


def timed(button: Locator, answer: str) -> float:
    """Milliseconds from the click until the text there has changed and is painted."""
    button.page.evaluate(TIMED_CLICK, {"answer": answer, "within": ANSWER_WITHIN_MS})
    button.click()
    took: float = button.page.evaluate("window.took")
    return took


def grown(seen: Seen, tiles: int, updates: int) -> None:
    """The page's memory after so many updates as fast as they come, against that after the first tenth."""
    say(f"\n{f'memory, {tiles} tiles, {updates} updates':<44}{'MiB':>7}{'nodes':>8}{'listeners':>11}")
    for part, count in (("after a tenth", updates // 10), ("at the end", updates - updates // 10)):
        for _ in range(count):
            seen.update()
        heap, nodes, listeners = held(seen)
        say(f"{part:<44}{heap:>7.1f}{nodes:>8.0f}{listeners:>11.0f}")


def held(seen: Seen) -> tuple[float, float, float]:
    """MiB of the heap, nodes and listeners that remain once everything unused is collected."""
    seen.page.wait_for_timeout(2000)
    for _ in range(3):
        seen.cdp.send("HeapProfiler.collectGarbage")
    now = seen.metrics()
    return now["JSHeapUsedSize"] / MEBIBYTE, now["Nodes"], now["JSEventListeners"]


def judged() -> bool:
    """Lighthouse's scores; whether each reaches its goal."""
    with stage(busy_floor(200), days=1) as venue:
        found = scores(venue.backend.url, {"sign in": "", "floor, 200 stations": OWNER})
    say(f"\n{'Lighthouse, desktop':<44}" + "".join(f"{name:>16}" for name in GOALS))
    for name, each in found.items():
        say(f"{name:<44}" + "".join(f"{each[goal]:>16.0f}" for goal in GOALS))
    return all(each[goal] >= least for each in found.values() for goal, least in GOALS.items())
