"""More than one source may pay for one click; nothing of that is lost on the way to the log, the PC and the ledger."""

from __future__ import annotations

import pytest

from app.core.uow import UnitOfWork
from app.domain import sessions
from app.domain.sessions import corrections, service
from app.domain.sessions.funding import Free, Funded, Purpose
from app.domain.stations.schemas import Driver
from app.websocket.session_messages import agent_messages
from tests.support.moving import Venue


class Voucher(Free):
    """Pays for the first five minutes of everything; staff give the rest."""

    async def authorise(self, _uow: UnitOfWork, _purpose: Purpose, seconds: int) -> list[Funded]:
        return [Funded(300, "voucher", None), Funded(seconds - 300, "staff", None)]


async def test_the_event_names_every_grant_and_their_sum(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (service, corrections):
        monkeypatch.setattr(module, "funding", Voucher())
    session = await venue.opened(await venue.station(Driver.AGENT), 30)
    await venue.extend(session.id, 15)
    await venue.correct(session.id, 420)
    async with venue.core.database.read() as db:
        ledger = await sessions.grants(db, session.id)
    told = [event for event in await venue.story(session.id) if "grant_id" in event.data]
    assert [event.type for event in told] == ["SESSION_CREATED", "SESSION_EXTENDED", "SESSION_EXTENDED"]
    for event, first, second, total in zip(told, ledger[::2], ledger[1::2], (1800, 900, 420), strict=True):
        assert (event.data["grant_id"], event.data["further_grant_ids"]) == (str(first.id), [str(second.id)])
        assert (event.data["seconds"], event.data["total_seconds"]) == (300, total)
        assert (first.source_kind, second.source_kind) == ("voucher", "staff")
    (message,) = agent_messages(told[1], venue.now())
    assert (message.type, message.data["extended_minutes"]) == ("session_extended", 15), "the PC is told of all of it"
    assert (await venue.get(session.id)).remaining_seconds == 1800 + 900 + 420
