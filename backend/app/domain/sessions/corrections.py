"""Use cases of the ledger: time given or taken by hand, for one session or for many at once."""

from __future__ import annotations

import uuid

from app.core.errors import AppError
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import change, repository, rules, views
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.errors import GrantNotFound, NotYours, SessionNotFound
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.funding import Funded, funding
from app.domain.sessions.models import GameSession, SessionGrant
from app.domain.sessions.schemas import (
    Action,
    Compensated,
    CompensationOut,
    SessionCorrect,
    SessionOut,
    SessionsCompensate,
)
from app.domain.venues.schemas import VenueOut


async def correct(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionCorrect, *, any_grant: bool) -> SessionOut:
    """Give or take time by hand, never below what was used.

    `any_grant` False is an attendant, who takes back an own extension only. Raises `NotYours`, `GrantNotFound`,
    `CorrectionTooLarge`, `DurationOutOfLimits`, `PastHardStop`, `SessionOver`, and the usual.
    """
    if not any_grant and (wanted.reverses_grant_id is None or wanted.seconds > 0):
        raise NotYours("name the extension in reverses_grant_id, with negative seconds")

    async def own(session: GameSession) -> None:
        grant = _named(session, wanted.reverses_grant_id)
        if not any_grant:
            _check_own(uow, session, grant)

    session, station_name, venue = await change.taken_up(uow, Action.CORRECT, session_id, wanted.expected_version, own)
    named = _named(session, wanted.reverses_grant_id)
    played = change.played(session, uow.now())
    change.check_key_unused(uow, session, "correction")
    before = audit(session)
    if wanted.seconds > 0:
        rules.check_total(venue, sum(grant.seconds for grant in session.grants), wanted.seconds, "seconds")
        change.check_hard_stop(session, uow.now(), wanted.seconds)
        paid = await funding.authorise(uow, "extend", wanted.seconds)
        made = [
            change.add_grant(uow, session, "correction", funded, reason=wanted.reason, keyed=i == 0)
            for i, funded in enumerate(paid)
        ]
    else:
        taken = rules.take_from(views.ledger_of(session), played, -wanted.seconds, named.id if named else None)
        made = [_take(uow, session, wanted.reason, *part, keyed=i == 0) for i, part in enumerate(taken)]
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_EXTENDED, session, before, venue, grants=made)
    return views.session_out(session, station_name, uow.now())


async def compensate(uow: UnitOfWork, wanted: SessionsCompensate) -> CompensationOut:
    """Give the same time to many, in one transaction.

    One that is over, or where it doesn't fit in before a hard stop, is refused and doesn't stop the others.

    Raises `ZoneNotFound`.
    """
    venue = await venues.current(uow.db)
    if wanted.zone_id is not None:
        await venues.require_zone(uow.db, wanted.zone_id)
    chosen = wanted.session_ids or await repository.live_ids(uow.db, wanted.zone_id)
    found = await repository.many_locked(uow.db, chosen)
    names = await stations.names(uow.db, {session.seats[-1].station_id for session in found.values()})
    given, results = [], []
    for session_id in sorted(set(chosen)):
        try:
            session = found.get(session_id)
            if session is None:
                raise SessionNotFound
            given.append((session, *_give(uow, session, names[session.seats[-1].station_id], wanted, venue)))
        except AppError as error:
            results.append(_refused(session_id, error))
    await uow.db.flush()
    for session, before, grant in given:
        record_change(uow, SessionEvent.SESSION_EXTENDED, session, before, venue, grants=[grant])
        out = views.session_out(session, names[session.seats[-1].station_id], uow.now())
        results.append(Compensated(session_id=session.id, outcome="compensated", session=out, code=None, detail=None))
    return CompensationOut(items=sorted(results, key=_by_station))


def _by_station(one: Compensated) -> tuple[bool, str]:
    """Those that got it by the name of their station, then those that didn't."""
    return (one.session is None, one.session.station_name if one.session else "")


def _give(
    uow: UnitOfWork, session: GameSession, station_name: str, wanted: SessionsCompensate, venue: VenueOut
) -> tuple[dict[str, object], SessionGrant]:
    """The session as it was before, and its grant. Raises `SessionOver`, `PastHardStop`, or that the key was used."""
    change.check(uow, Action.COMPENSATE, session, station_name, venue)
    change.check_hard_stop(session, uow.now(), wanted.seconds)
    change.check_key_unused(uow, session, "compensation")
    before = audit(session)
    grant = change.add_grant(uow, session, "compensation", Funded(wanted.seconds, "staff", None), reason=wanted.reason)
    change.retime(session)
    session.version += 1
    return before, grant


def _refused(session_id: uuid.UUID, error: AppError) -> Compensated:
    return Compensated(session_id=session_id, outcome="refused", session=None, code=error.code, detail=error.detail)


def _named(session: GameSession, grant_id: uuid.UUID | None) -> SessionGrant | None:
    if grant_id is None:
        return None
    for grant in session.grants:
        if grant.id == grant_id and grant.seconds > 0:
            return grant
    raise GrantNotFound


def _check_own(uow: UnitOfWork, session: GameSession, named: SessionGrant | None) -> None:
    if named is None:
        return
    if named.kind != "extension" or named.actor_id != uow.actor.id:
        raise NotYours("this one was given by somebody else, or isn't an extension")
    if uow.now() - named.granted_at > rules.TAKE_BACK_WITHIN:
        raise NotYours("this one is older")
    if dict(rules.coverage(views.ledger_of(session), change.played(session, uow.now())))[named.id] > 0:
        raise NotYours("some of it is used already")


def _take(
    uow: UnitOfWork, session: GameSession, reason: str, grant_id: uuid.UUID, seconds: int, *, keyed: bool
) -> SessionGrant:
    return change.add_grant(
        uow, session, "correction", Funded(-seconds, "staff", None), reason=reason, reverses=grant_id, keyed=keyed
    )
