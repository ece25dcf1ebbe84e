"""Every action on a session refuses in one order, whatever else is wrong with the request at the same time."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from app.core.errors import AppError
from app.core.uow import UnitOfWork
from app.domain import sessions
from app.domain.sessions.schemas import (
    Action,
    SessionChange,
    SessionCorrect,
    SessionEnd,
    SessionExtend,
    SessionMove,
    SessionOut,
)
from app.domain.stations.schemas import Driver
from tests.support.moving import Venue

NOTHING = uuid.uuid4()
# A key of an action's request, and what it is when it names something that isn't there.
Ask = Callable[[UnitOfWork, uuid.UUID, int | None, uuid.UUID | None], Awaitable[SessionOut]]


@dataclass(frozen=True)
class Case:
    """How to ask for an action, what its state refuses with at last, and with what an unknown second id is refused."""

    ask: Ask
    state: str = "session.ended"
    unknown: str = ""


def plain(act: Callable[[UnitOfWork, uuid.UUID, SessionChange], Awaitable[SessionOut]]) -> Ask:
    return lambda uow, it, version, _: act(uow, it, SessionChange(expected_version=version))


def correct(uow: UnitOfWork, it: uuid.UUID, version: int | None, grant: uuid.UUID | None) -> Awaitable[SessionOut]:
    wanted = SessionCorrect(seconds=-60, reason="why", reverses_grant_id=grant, expected_version=version)
    return sessions.correct(uow, it, wanted, any_grant=True)


def move(uow: UnitOfWork, it: uuid.UUID, version: int | None, target: uuid.UUID | None) -> Awaitable[SessionOut]:
    return sessions.move(uow, it, SessionMove(station_id=target or NOTHING, expected_version=version))


CASES = {
    Action.CONFIRM: Case(plain(sessions.confirm)),
    Action.EXTEND: Case(
        lambda uow, it, version, _: sessions.extend(
            uow, it, SessionExtend(additional_minutes=5, expected_version=version)
        )
    ),
    Action.CORRECT: Case(correct, unknown="session.grant_not_found"),
    Action.PAUSE: Case(plain(sessions.pause)),
    Action.RESUME: Case(plain(sessions.resume)),
    Action.MOVE: Case(move, unknown="station.not_found"),
    Action.END: Case(lambda uow, it, version, _: sessions.end(uow, it, SessionEnd(expected_version=version))),
    Action.REOPEN: Case(plain(sessions.reopen), state="session.reopen_too_late"),
}


def test_the_table_holds_every_action_on_one_session() -> None:
    assert set(CASES) == set(Action) - {Action.COMPENSATE}, "many at once say each session's own outcome"


@pytest.mark.parametrize("action", CASES)
async def test_what_isn_t_there_then_what_has_changed_then_what_the_state_forbids_then_what_stands_elsewhere(
    venue: Venue, action: Action
) -> None:
    """Everything is wrong at once, and one thing after another is put right."""
    station, busy = await venue.station(Driver.AGENT), await venue.station()
    session = await venue.opened(station)
    ended = await venue.end(session.id)
    await venue.start(station)
    await venue.start(busy)
    venue.wait(minutes=61)
    case, known = CASES[action], None if action is not Action.MOVE else busy

    async def refused(it: uuid.UUID, version: int, second: uuid.UUID | None) -> AppError:
        with pytest.raises(AppError) as caught:
            async with venue.act() as uow:
                await case.ask(uow, it, version, second)
        return caught.value

    assert (await refused(NOTHING, 99, NOTHING)).code == "session.not_found"
    if case.unknown:
        assert (await refused(session.id, 99, NOTHING)).code == case.unknown
    changed = await refused(session.id, 99, known)
    assert (changed.status, changed.code) == (409, "session.changed")
    assert changed.detail.split(": ")[1].startswith("owner ended it at "), changed.detail
    assert (await refused(session.id, ended.version, known)).code == case.state


async def test_who_changed_it_is_said_in_words(venue: Venue) -> None:
    session = await venue.start(await venue.station())
    changes: list[tuple[Callable[[], Awaitable[object]], str]] = [
        (lambda: venue.extend(session.id, 30), "owner extended it by 30 min at "),
        (lambda: venue.correct(session.id, -90), "manager changed its time by -90 s at "),
        (lambda: venue.change(sessions.pause, session.id), "owner paused it at "),
    ]
    for change, said in changes:
        await change()
        with pytest.raises(AppError, match=said):
            async with venue.act() as uow:
                await sessions.end(uow, session.id, SessionEnd(expected_version=1))
    venue.wait(minutes=30)
    await venue.jobs()
    with pytest.raises(AppError, match="the server resumed it at "):
        async with venue.act() as uow:
            await sessions.end(uow, session.id, SessionEnd(expected_version=1))


async def test_a_warning_is_no_change(venue: Venue) -> None:
    """The desk was warned after somebody else's extension: what has changed is the time."""
    session = await venue.start(await venue.station(Driver.AGENT))
    await venue.extend(session.id, 30)
    venue.wait(seconds=30)
    await venue.jobs()
    assert (await venue.types(session.id))[-1] == "SESSION_UNCONFIRMED"
    with pytest.raises(AppError, match="owner extended it by 30 min at ") as caught:
        async with venue.act() as uow:
            await sessions.end(uow, session.id, SessionEnd(expected_version=1))
    assert caught.value.extra["last_event"]["type"] == "SESSION_EXTENDED"
    assert caught.value.extra["session"]["version"] == caught.value.extra["last_event"]["data"]["version"] == 2


async def test_notes_that_don_t_fit_are_refused_and_nothing_is_cut(venue: Venue) -> None:
    session = await venue.start(await venue.station())
    async with venue.act() as uow:
        await sessions.end(uow, session.id, SessionEnd(notes="a" * 300))
    await venue.change(sessions.reopen, session.id)
    with pytest.raises(AppError, match="only 199 more characters") as caught:
        async with venue.act() as uow:
            await sessions.end(uow, session.id, SessionEnd(notes="b" * 200))
    assert (caught.value.status, caught.value.code) == (422, "session.notes_too_long")
    assert (await venue.get(session.id)).status == "active"
    async with venue.act() as uow:
        ended = await sessions.end(uow, session.id, SessionEnd(notes="b" * 199))
    assert ended.notes == "a" * 300 + "\n" + "b" * 199
    assert (await venue.last_event(session.id)).data["after"]["notes"] == ended.notes
