"""From a click at the front desk to a countdown and a lock on the PC, through every real part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import GRACE_SECONDS, NEIGHBOUR, STATION, World
from tools.programs import OWNER, PASSWORD, instant
from tools.screen import Overlay
from tools.waiting import eventually

ON_TIME_SECONDS = 1.0  # what the wire contract calls "on time"
SAME_MOMENT_SECONDS = 2  # two countdowns read one after the other

pytestmark = pytest.mark.timeout(300)


def test_from_a_click_to_a_countdown_and_a_lock(world: World) -> None:
    """Sign in, start, count down, extend, pause, end, take the end back, move, lock; then an end without the server."""
    sign_in(world)
    session = start(world, minutes=15, player="Marta K.")
    extended = extend(world, session, minutes=30)
    resumed = pause_and_resume(world, extended)
    end(world, STATION, resumed)
    reopened = take_back_the_end(world, resumed)
    moved = move(world, reopened)
    end(world, NEIGHBOUR, moved)
    tells_it_in_order(world, session["id"])
    world.desk.expect_no_complaints()
    expire_while_the_server_is_away(world)


def sign_in(world: World) -> None:
    """A locked PC waits; the owner sees it on the floor."""
    eventually("the agent locks the PC before any session", lambda: world.agent.calls("lock_workstation"))
    world.desk.open()
    expect(world.desk.button("Sign in")).to_be_visible()
    world.desk.expect_accessible("sign in")
    world.desk.picture("sign-in")
    world.desk.sign_in(OWNER, PASSWORD)
    world.desk.expect_state(STATION, "free", within_seconds=20)
    world.desk.expect_accessible("the floor")
    world.desk.picture("free")


def start(world: World, minutes: int, player: str) -> dict[str, Any]:
    """A session is started at the desk, confirmed by the PC and counted down on both; the session then."""
    world.desk.start(STATION, minutes, player)
    session = confirmed(world)
    assert (player, minutes, minutes * 60) == (
        session["user_name"],
        session["duration_minutes"],
        seconds_between(session["started_at"], session["scheduled_end_at"]),
    )
    long = minutes > 10
    world.desk.expect_state(STATION, "ok" if long else "last")
    line = f"until {clock(session['scheduled_end_at'])}" if long else "Save now or ask for more"
    overlay = overlay_with(world, line)
    assert overlay.drawn is not None
    assert ("green" if long else "red") == overlay.drawn["colour"]
    counts_down(world)
    world.screen.picture().save(world.pictures / f"overlay-{minutes}-min.png")
    assert world.screen.drawn_in(overlay, overlay.drawn["colour"]) > 100, f"not drawn as it says: {overlay.title}"
    world.desk.expect_accessible("the station's panel")
    world.desk.picture(f"playing-{minutes}-min")
    return session


def counts_down(world: World) -> None:
    """Overlay and tile show the same time left, and both go down."""
    first = overlay_seconds(world)
    assert abs(world.desk.seconds_left(STATION) - first) <= SAME_MOMENT_SECONDS
    eventually("the overlay counts down", lambda: overlay_seconds(world) <= first - 2)
    assert world.desk.seconds_left(STATION) <= first - 1


def extend(world: World, session: dict[str, Any], minutes: int) -> dict[str, Any]:
    """The deadline moves in the server, in the overlay and on the tile; the session then."""
    world.desk.extend(STATION, minutes)

    def longer() -> dict[str, Any] | None:
        now = world.backend.session(session["id"])
        return now if now["version"] > session["version"] else None

    extended = eventually("the server has the extension", longer)
    assert minutes * 60 == seconds_between(session["scheduled_end_at"], extended["scheduled_end_at"])
    overlay_with(world, f"until {clock(extended['scheduled_end_at'])}")
    left = overlay_seconds(world)
    assert left > (15 + minutes - 2) * 60
    eventually(
        "the tile shows the extension",
        lambda: abs(world.desk.seconds_left(STATION) - overlay_seconds(world)) <= SAME_MOMENT_SECONDS,
    )
    world.desk.picture("extended")
    return extended


def pause_and_resume(world: World, session: dict[str, Any]) -> dict[str, Any]:
    """The PC locks and the time stands still at the desk; then it goes on with what was left. The session then."""
    before = datetime.now(UTC)
    world.desk.pause(STATION)
    world.desk.expect_state(STATION, "paused")
    eventually("the paused PC locks", lambda: world.agent.calls("lock_workstation", since=before))
    paused = world.backend.session(session["id"])
    assert (paused["status"], paused["scheduled_end_at"]) == ("paused", None)
    world.desk.expect_accessible("a paused session")
    world.desk.picture("paused")
    eventually("two seconds pass", lambda: datetime.now(UTC) - before > timedelta(seconds=2))
    assert world.backend.session(session["id"])["remaining_seconds"] == paused["remaining_seconds"]

    world.desk.resume(STATION)
    resumed = changed(world, paused, "active")
    moved = seconds_between(session["scheduled_end_at"], resumed["scheduled_end_at"])
    assert 0 < moved == pytest.approx(resumed["paused_seconds"], abs=1), "the pause isn't used time"
    overlay_with(world, f"until {clock(resumed['scheduled_end_at'])}")
    world.desk.expect_state(STATION, "ok")
    return resumed


def end(world: World, station: str, session: dict[str, Any]) -> None:
    """The PC locks at once, and the tile is free."""
    before = datetime.now(UTC)
    world.desk.end(station)
    agent = world.agent if station == STATION else world.neighbour
    eventually("the agent locks the PC", lambda: agent.calls("lock_workstation", since=before))
    world.desk.expect_state(station, "free")
    ended = world.backend.session(session["id"])
    assert (ended["status"], ended["end_reason"]) == ("ended", "manual_stop")
    eventually("the overlay goes away", lambda: not shows_time(world))
    world.desk.picture("ended")


def take_back_the_end(world: World, session: dict[str, Any]) -> dict[str, Any]:
    """It was a mistake: the PC opens again, and the time between isn't used. The session then."""
    ended = world.backend.session(session["id"])
    world.desk.take_back_the_end(STATION, session["user_name"])
    world.desk.expect_state(STATION, "ok")
    reopened = changed(world, ended, "active")
    assert reopened["end_reason"] is None
    assert reopened["scheduled_end_at"] >= session["scheduled_end_at"]
    overlay_with(world, f"until {clock(reopened['scheduled_end_at'])}")
    world.desk.picture("taken-back")
    return reopened


def move(world: World, session: dict[str, Any]) -> dict[str, Any]:
    """The first PC locks, the second opens, and the player has what was left. The session then."""
    before = datetime.now(UTC)
    world.desk.move(STATION, NEIGHBOUR)
    world.desk.expect_state(NEIGHBOUR, "ok")
    world.desk.expect_state(STATION, "free")
    eventually("the first PC locks", lambda: world.agent.calls("lock_workstation", since=before))
    moved = changed(world, session, "active")
    assert moved["station_id"] == world.backend.api.stations()[NEIGHBOUR]["id"] != session["station_id"]
    assert moved["scheduled_end_at"] >= session["scheduled_end_at"]
    world.desk.expect_accessible("a moved session")
    world.desk.picture("moved")
    return moved


def tells_it_in_order(world: World, session_id: str) -> None:
    """Every change is in the log once, in the order in which it was made."""
    assert story(world, session_id) == [
        "SESSION_CREATED",
        "SESSION_CONFIRMED",
        "SESSION_EXTENDED",
        "SESSION_PAUSED",
        "SESSION_RESUMED",
        "SESSION_ENDED",
        "SESSION_REOPENED",
        "SESSION_MOVED",
        "SESSION_CONFIRMED",
        "SESSION_ENDED",
    ]


def expire_while_the_server_is_away(world: World) -> None:
    """The PC ends, logs out and locks on time by itself; the server learns the true end afterwards, once."""
    started = datetime.now(UTC)
    session = start(world, minutes=1, player="Lina H.")
    deadline = instant(session["scheduled_end_at"])
    world.backend.stop()
    expect(world.desk.page.get_by_text("No connection to the server")).to_be_visible(timeout=10_000)
    world.desk.picture("server-away")

    grace = overlay_with(world, "Time is up. Save and log out", within_seconds=70)
    assert grace.seconds_left <= GRACE_SECONDS
    world.screen.picture().save(world.pictures / "overlay-grace.png")
    world.desk.expect_state(STATION, "time-up", within_seconds=3)
    world.desk.picture("time-up-while-away")
    [logged_out] = eventually(
        "the agent logs the player out after the grace",
        lambda: world.agent.calls("logout_user", since=started) or None,
        within_seconds=GRACE_SECONDS + 10,
    )
    late = (logged_out - deadline - timedelta(seconds=GRACE_SECONDS)).total_seconds()
    assert abs(late) <= ON_TIME_SECONDS, f"logged out {late:+.2f} s from deadline plus grace"
    locked = world.agent.calls("lock_workstation", since=deadline)
    assert locked, "the PC was not locked after the deadline"
    assert abs((locked[0] - deadline).total_seconds() - GRACE_SECONDS) <= ON_TIME_SECONDS

    world.backend.start()
    eventually(
        "the server knows the end", lambda: world.backend.session(session["id"])["status"] == "ended", within_seconds=30
    )
    world.desk.expect_state(STATION, "free", within_seconds=30)  # without a reload
    ended = world.backend.session(session["id"])
    assert ("expired", session["scheduled_end_at"]) == (ended["end_reason"], ended["ended_at"])
    eventually("the agent is back", lambda: world.backend.api.stations()[STATION]["connected"])
    assert story(world, session["id"]) == ["SESSION_CREATED", "SESSION_CONFIRMED", "SESSION_EXPIRED"]
    expect(world.desk.page.get_by_text("No connection to the server")).to_be_hidden(timeout=10_000)
    world.desk.expect_no_complaints(while_away=True)
    world.desk.picture("server-back")


def confirmed(world: World) -> dict[str, Any]:
    """The station's live session, once the PC has said that it is open."""

    def active() -> dict[str, Any] | None:
        session: dict[str, Any] | None = world.backend.api.stations()[STATION]["session"]
        return session if session and session["status"] == "active" else None

    return eventually("the PC confirms the session", active)


def changed(world: World, before: dict[str, Any], status: str) -> dict[str, Any]:
    """The session once it is newer than that and has the status."""

    def newer() -> dict[str, Any] | None:
        now = world.backend.session(before["id"])
        return now if now["version"] > before["version"] and now["status"] == status else None

    return eventually(f"the session is {status}", newer)


def shows_time(world: World) -> bool:
    overlay = world.screen.overlay()
    return overlay is not None and overlay.drawn is not None


def overlay_seconds(world: World) -> int:
    def counting() -> Overlay | None:
        overlay = world.screen.overlay()
        return overlay if overlay and overlay.drawn else None

    return eventually("the overlay shows a countdown", counting).seconds_left


def overlay_with(world: World, line: str, within_seconds: float = 15) -> Overlay:
    """The overlay once it draws that line."""

    def there() -> Overlay | None:
        overlay = world.screen.overlay()
        return overlay if overlay and overlay.drawn and overlay.drawn["line"] == line else None

    return eventually(f"the overlay shows {line!r}", there, within_seconds)


def clock(deadline: str) -> str:
    """The time of day on the overlay, whose PC keeps UTC here."""
    return instant(deadline).strftime("%H:%M")


def story(world: World, session_id: str) -> list[str]:
    """The types of the session's own events in their order."""
    return [event["type"] for event in world.backend.events_of(session_id) if event["type"].startswith("SESSION_")]


def seconds_between(first: str, second: str) -> float:
    return (instant(second) - instant(first)).total_seconds()
