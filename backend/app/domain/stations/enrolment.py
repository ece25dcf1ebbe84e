"""Enrolment: a code from the desk, typed at the PC, becomes that PC's agent token."""

from __future__ import annotations

import uuid
from datetime import timedelta

from app.core.errors import AppError
from app.core.events import Actor
from app.core.security import TokenSigner, new_code, plain_code
from app.core.uow import UnitOfWork
from app.domain.stations import repository, service
from app.domain.stations.errors import EnrolmentCodeInvalid, NoAgentHere, StationNotFound
from app.domain.stations.events import AgentEvent, StationEvent
from app.domain.stations.models import EnrolmentCode
from app.domain.stations.schemas import Driver, Enrolled, EnrolmentCodeOut
from app.services import event_logger

# Long enough to walk to the PC.
GOOD_FOR = timedelta(minutes=15)


async def issue_enrolment_code(uow: UnitOfWork, signer: TokenSigner, station_id: uuid.UUID) -> EnrolmentCodeOut:
    """A code for a station's PC; an earlier one is good no more. Raises `StationNotFound`, `NoAgentHere`."""
    station = await repository.locked_station(uow.db, station_id)
    if station is None:
        raise StationNotFound
    if station.driver != Driver.AGENT.value:
        raise NoAgentHere(station.name)
    code, expires_at = new_code(), uow.now() + GOOD_FOR
    row = await repository.enrolment_code(uow.db, station_id)
    if row is None:
        row = EnrolmentCode(station_id=station_id)
        uow.db.add(row)
    row.code_hash, row.expires_at, row.used_at = signer.code_hash(plain_code(code)), expires_at, None
    event_logger.record(uow, StationEvent.STATION_CODE_ISSUED, station_id=station_id, expires_at=expires_at)
    return EnrolmentCodeOut(code=code, expires_at=expires_at)


async def enrol(
    uow: UnitOfWork, signer: TokenSigner, code: str, hostname: str | None, address: str
) -> Enrolled | AppError:
    """A PC comes with a code and gets its station's token; earlier tokens are revoked, and the code is used up.

    A refusal is returned, so that its event is committed, too.
    """
    station_id = await repository.station_of_code(uow.db, signer.code_hash(plain_code(code)))
    station = await repository.locked_station(uow.db, station_id) if station_id is not None else None
    # Looked at again under the station's lock: of two PCs that type the same code only one gets a token.
    row = await repository.enrolment_code(uow.db, station.id) if station is not None else None
    if station is None or row is None or not _good(row, signer, code, uow) or station.driver != Driver.AGENT.value:
        event_logger.record(
            uow, AgentEvent.AGENT_ENROLMENT_REFUSED, station_id=station_id, hostname=hostname, address=address
        )
        return EnrolmentCodeInvalid()
    row.used_at = uow.now()
    uow.actor = Actor("agent", station.id, station.name)
    token = await service.issue_token(uow, station.id)
    event_logger.record(uow, AgentEvent.AGENT_ENROLLED, station_id=station.id, hostname=hostname, address=address)
    return Enrolled(station.id, station.name, token)


def _good(row: EnrolmentCode, signer: TokenSigner, code: str, uow: UnitOfWork) -> bool:
    same = row.code_hash == signer.code_hash(plain_code(code))
    return same and row.used_at is None and row.expires_at > uow.now()
