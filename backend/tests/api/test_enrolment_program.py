"""The agent's own `python main.py enrol` against this server: what it writes connects."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import yaml

from app.core.config import BACKEND_DIR
from app.domain.staff.schemas import Role
from tests.support.agent import our_agent
from tests.support.api import Api, MadeStation

MAIN = BACKEND_DIR.parent / "pc-agent" / "main.py"


async def main(*arguments: str) -> tuple[int | None, str]:
    """Exit code of the agent's program, and what it says."""
    clean = {k: v for k, v in os.environ.items() if k not in ("STATION_ID", "AGENT_TOKEN", "BACKEND_URL", "BACKEND_CA")}
    program = await asyncio.create_subprocess_exec(
        sys.executable, str(MAIN), *arguments, env=clean, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(program.communicate(), 30)
    return program.returncode, said.decode()


async def enrol(api: Api, config: Path, code: str) -> tuple[int | None, str]:
    return await main("enrol", "--server", api.server.http, "--code", code, "--config", str(config))


async def test_a_pc_enrols_once_and_connects_with_what_was_written(api: Api, tmp_path: Path) -> None:
    station = await api.station("PC-01")
    made = await api.post(f"/stations/{station.id}/enrolment-code", role=Role.MANAGER)
    config = tmp_path / "config.yaml"

    code, said = await enrol(api, config, made["code"])
    assert (code, config.stat().st_mode & 0o777) == (0, 0o600), said
    assert "This PC is PC-01 now." in said
    written = yaml.safe_load(config.read_text())
    assert written["backend"]["url"] == f"{api.server.ws}/ws/agent"
    assert written["station"] == {"id": station.id, "name": "PC-01"}
    async with our_agent(api.server, MadeStation(station.id, "PC-01", written["backend"]["token"])) as agent:
        assert agent.seen[0]["data"]["station"]["name"] == "PC-01"

    code, said = await main("doctor", "--config", str(config), "--backend", "simulated")
    assert code == 0, said  # without a display nothing can be said of the lock screen, for or against it
    assert not [line for line in said.splitlines() if line.startswith("WRONG")]
    assert "the server knows this PC as PC-01" in said

    before = config.read_text()
    code, said = await enrol(api, tmp_path / "other.yaml", made["code"])
    assert code == 1
    assert "This enrolment code isn't valid" in said
    assert config.read_text() == before
    assert "other.yaml" not in os.listdir(tmp_path)
    (enrolled,) = await api.events(type="AGENT_ENROLLED")
    assert enrolled["station_id"] == station.id
