"""Inputs made from the OpenAPI document, right ones and hostile ones, on every operation.

No input may hang, get a 500, or an answer that the document doesn't know; and the books are in order afterwards.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.bootstrap.http import document
from app.core.config import Settings
from app.domain.staff.schemas import Role
from tests.conftest import BackendKind
from tests.faults.sizes import INPUTS, SEED
from tests.support.api import Api
from tests.support.databases import Template
from tests.support.invariants import check_invariants, read_books
from tests.support.people import People
from tests.support.program import server_program

HANGS_SECONDS = 30.0
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
UNLIMITED = "1000000"
# Whoever signs out everywhere or changes the own password; the owner is needed to the end.
SACRIFICED = Role.VIEWER


class Known:
    """Ids of things that are there, so that not every input ends at "there is nothing with this id"."""

    def __init__(self, ids: dict[str, list[str]]) -> None:
        self.ids: dict[str, list[str]] = defaultdict(list, ids)
        self.chance = random.Random(SEED)

    def put_into(self, case: Case[Any]) -> None:
        """Half of the time, in the place of each id that was made up."""
        for values in (case.path_parameters, case.body):
            if isinstance(values, dict):
                for name, value in list(values.items()):
                    kind = "zone_id" if name == "zone" else name.replace("session_ids", "session_id")
                    if self.ids[kind] and _is_id(value) and self.chance.random() < 0.5:
                        there = self.chance.choice(self.ids[kind])
                        values[name] = [there] if isinstance(value, list) else there

    def learn(self, case: Case[Any], answer: Response) -> None:
        """What a 201 has made."""
        kind = case.path.rstrip("/").rpartition("/")[2]
        name = {"sessions": "session_id", "stations": "station_id", "zones": "zone_id", "staff": "staff_id"}.get(kind)
        if name and answer.status_code == 201:
            self.ids[name].append(answer.json()["id"])


def _is_id(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_id(one) for one in value)
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


class Driver:
    """Sends the inputs of every operation, one after the other."""

    def __init__(self, base_url: str, people: People, known: Known) -> None:
        self.base_url = base_url
        self.people = people
        self.known = known
        self.sent = 0
        self.failures: dict[str, str] = {}
        self._http = requests.Session()
        self._http.trust_env = False

    def drive(self, inputs: int) -> None:
        """About `inputs` of them; every operation gets its share of right and of wrong ones."""
        schema = schemathesis.openapi.from_dict(document())
        operations = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
        share = max(2, inputs // len(operations) // 2)
        for operation in operations:
            for mode in GenerationMode:
                try:
                    self._operation(operation, mode, share)
                except Unsatisfiable:
                    continue  # an operation that takes nothing can't be given anything wrong
                except (Exception, FailureGroup) as failure:
                    self.failures[f"{operation.label}, {mode.value}"] = str(failure)[:2000]

    def _operation(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, share: int) -> None:
        @seed(SEED)
        @hypothesis_settings(
            max_examples=share,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def one(case: Case[Any]) -> None:
            self._send(case)

        one()

    def _send(self, case: Case[Any]) -> None:
        self.known.put_into(case)
        role = SACRIFICED if "/auth/" in case.path else Role.OWNER
        token = self.people[role].access_token(minutes=24 * 60)
        try:
            answer = case.call(
                base_url=self.base_url,
                session=self._http,
                headers={"Authorization": f"Bearer {token}"},
                timeout=HANGS_SECONDS,
            )
        except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL, UnicodeError):
            return  # no client could send this
        self.sent += 1
        assert answer.status_code < 500, f"{answer.status_code} {answer.text}\n{case.as_curl_command()}"
        case.validate_response(answer, checks=list(CHECKS))
        self.known.learn(case, answer)


@pytest.mark.timeout(120 + INPUTS)
async def test_no_input_hangs_or_gets_what_the_document_does_not_know(
    settings: Settings,
    template: Template,
    backend_kind: BackendKind,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    async with (
        server_program(
            settings,
            tmp_path,
            LOG_LEVEL="WARNING",
            API_LIMIT_PER_SECOND=UNLIMITED,
            LOGIN_LIMIT_PER_MINUTE=UNLIMITED,
            LOGIN_ADDRESS_LIMIT_PER_MINUTE=UNLIMITED,
            ENROL_LIMIT_PER_MINUTE=UNLIMITED,
        ) as program,
        httpx.AsyncClient(base_url=program.http, timeout=30) as client,
    ):
        api = Api(program, template.people, client)  # type: ignore[arg-type]
        stations = [await api.station(driver="manual") for _ in range(6)]
        ids = {
            "station_id": [station.id for station in stations],
            "session_id": [(await api.start(station))["id"] for station in stations[:4]],
            "staff_id": [str(template.people[role].id) for role in (Role.VIEWER, Role.ATTENDANT)],
        }
        driver = Driver(program.http, template.people, Known(ids))
        await asyncio.to_thread(driver.drive, INPUTS // 2)
        assert program.process.returncode is None
        record_property("inputs", driver.sent)
        assert not driver.failures, f"FAULT_SEED={SEED}\n" + "\n\n".join(
            f"{where}: {what}" for where, what in driver.failures.items()
        )
        assert driver.sent > INPUTS // 4
    books = await read_books(settings.database_url)
    unforeseen = [event.data for event in books.events if event.type == "SYSTEM_ERROR"]
    assert unforeseen == []
    await check_invariants(settings.database_url)
