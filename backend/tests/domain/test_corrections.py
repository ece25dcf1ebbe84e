"""The ledger by hand: corrections, an attendant's own mistake taken back, time for many at once."""

from __future__ import annotations

import uuid

from app.domain import sessions
from app.domain.sessions.schemas import CompensationOut, GrantOut, SessionsCompensate
from app.domain.staff.schemas import Role
from tests.support.moving import Venue


async def grants(venue: Venue, session_id: uuid.UUID) -> list[GrantOut]:
    async with venue.core.database.read() as db:
        return await sessions.grants(db, session_id)


async def compensate(venue: Venue, **wanted: object) -> CompensationOut:
    body = SessionsCompensate.model_validate({"seconds": 600, "reason": "the power was gone", **wanted})
    async with venue.act() as uow:
        return await sessions.compensate(uow, body)


async def test_a_correction_gives_and_takes_but_never_what_was_used(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    assert (await venue.correct(session.id, 90)).remaining_seconds == 3690
    venue.wait(minutes=20)
    assert await venue.refusal(venue.correct(session.id, -(40 * 60 + 91))) == "session.time_used"
    now = await venue.correct(session.id, -40 * 60)
    assert (now.remaining_seconds, now.extended_minutes) == (90, -38)
    ledger = await grants(venue, session.id)
    assert [(grant.kind, grant.seconds) for grant in ledger] == [
        ("initial", 3600),
        ("correction", 90),
        ("correction", -90),
        ("correction", -2310),
    ]
    assert [grant.reverses_grant_id for grant in ledger[2:]] == [ledger[1].id, ledger[0].id]
    venue.wait(seconds=91)
    await venue.jobs()
    assert (await venue.get(session.id)).end_reason == "expired"


async def test_everything_unused_can_be_taken(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=20)
    now = await venue.correct(session.id, -40 * 60)
    assert now.remaining_seconds == 0
    await venue.jobs()
    ended = await venue.get(session.id)
    assert (ended.end_reason, ended.ended_at) == ("expired", venue.now().replace(microsecond=0))


async def test_an_attendant_takes_back_an_own_extension(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    person = venue.people[Role.ATTENDANT]
    await venue.extend(session.id, 30)
    by_owner = (await grants(venue, session.id))[-1].id
    assert await venue.refusal(venue.correct(session.id, -60, role=Role.ATTENDANT)) == "session.not_yours_to_correct"
    assert await venue.refusal(venue.correct(session.id, 60, role=Role.ATTENDANT)) == "session.not_yours_to_correct"
    refused = venue.correct(session.id, -60, by_owner, role=Role.ATTENDANT)
    assert await venue.refusal(refused) == "session.not_yours_to_correct"

    await venue.extend(session.id, 30, by=person)
    own = (await grants(venue, session.id))[-1].id
    now = await venue.correct(session.id, -1800, own, role=Role.ATTENDANT)
    assert now.extended_minutes == 30
    await venue.extend(session.id, 30, by=person)
    own = (await grants(venue, session.id))[-1].id
    venue.wait(minutes=5, seconds=1)
    refused = venue.correct(session.id, -1800, own, role=Role.ATTENDANT)
    assert await venue.refusal(refused) == "session.not_yours_to_correct"


async def test_what_is_used_of_an_own_extension_stays(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 1)
    await venue.extend(session.id, 3, by=venue.people[Role.ATTENDANT])
    own = (await grants(venue, session.id))[-1].id
    venue.wait(seconds=61)
    refused = venue.correct(session.id, -60, own, role=Role.ATTENDANT)
    assert await venue.refusal(refused) == "session.not_yours_to_correct"
    assert (await venue.correct(session.id, -179, own)).remaining_seconds == 0


async def test_a_correction_names_a_grant_of_this_session(venue: Venue) -> None:
    session, other = await venue.start(await venue.station()), await venue.start(await venue.station())
    foreign = (await grants(venue, other.id))[0].id
    for grant_id in (foreign, uuid.uuid4()):
        assert await venue.refusal(venue.correct(session.id, -60, grant_id)) == "session.grant_not_found"


async def test_ten_minutes_for_everyone(venue: Venue) -> None:
    first, second = await venue.start(await venue.station(), 60), await venue.start(await venue.station(), 30)
    over = await venue.start(await venue.station(), 30)
    await venue.end(over.id)
    outcome = await compensate(venue)
    assert {item.session_id for item in outcome.items} == {first.id, second.id}
    assert {item.outcome for item in outcome.items} == {"compensated"}
    for session in (first, second):
        assert (await venue.get(session.id)).extended_minutes == 10
        event = await venue.last_event(session.id)
        assert (event.data["kind"], event.data["seconds"], event.data["reason"]) == (
            "compensation",
            600,
            "the power was gone",
        )


async def test_each_gets_its_own_outcome(venue: Venue) -> None:
    playing, over, nothing = (
        await venue.start(await venue.station()),
        await venue.start(await venue.station()),
        uuid.uuid4(),
    )
    await venue.end(over.id)
    outcome = await compensate(venue, session_ids=[playing.id, over.id, nothing, playing.id])
    assert {item.session_id: (item.outcome, item.code) for item in outcome.items} == {
        playing.id: ("compensated", None),
        over.id: ("refused", "session.ended"),
        nothing: ("refused", "session.not_found"),
    }
    assert (await venue.get(playing.id)).extended_minutes == 10
