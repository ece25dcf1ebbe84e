"""Fixtures of the fault tests."""

from __future__ import annotations

import pytest

from tests.conftest import BackendKind
from tests.support.databases import Template


@pytest.fixture
def templates(request: pytest.FixtureRequest) -> dict[BackendKind, Template]:
    """Both databases, for a test that uses them at the same time."""
    return {"sqlite": request.getfixturevalue("_sqlite"), "postgres": request.getfixturevalue("_postgres")}
