"""A server that can't start: what it says, and that it takes nothing else with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap.core import Core
from app.bootstrap.starting import database_in_words
from app.core.config import Settings
from app.core.errors import ConfigurationError, Unavailable
from tests.support.server import NotStarted, serving


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_a_silent_database_is_said_to_be_silent(core: Core) -> None:
    with (
        pytest.raises(ConfigurationError, match=r"can't be reached: it didn't answer in time\. Check DATABASE_URL\.$"),
        database_in_words(core.database, "reached"),
    ):
        raise Unavailable("away") from TimeoutError()


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_a_start_that_fails_ends_no_test_process(settings: Settings, tmp_path: Path) -> None:
    nowhere = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{tmp_path / 'none' / 'gameops.db'}"})
    (tmp_path / "none").write_text("a file where the folder should be")
    with pytest.raises(NotStarted):
        async with serving(nowhere):
            pass
    async with serving(settings) as server:
        assert server.port
