"""Enrolment: a good code becomes a config that only its owner can read; everything else leaves all as it was."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent import config
from agent.enrol import enrol
from agent.errors import AgentError, ConfigError, NotReached, Refused
from tests.certificates import Authority, serving
from tests.desk import STATION, Desk, open_desk
from tests.process import MAIN

CODE = "7KQ2-M9XA"
PUBLISHED = MAIN.with_name("config.yaml")
MINE = """
station: {id: "st-1", name: "PC-01"}
backend: {url: "ws://h/ws/agent", token: "old"}
session: {grace_period: 7}
"""


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def join(path: Path, server: str, *, code: str = CODE, force: bool = False, ca: Path | None = None) -> list[str]:
    return enrol(path, server=server, code=code, ca=ca, force=force, environ={})


def refused(kind: type[AgentError], path: Path, server: str, **more: object) -> str:
    """The sentence of a refusal, after which the folder is as it was."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(kind) as caught:
        join(path, server, **more)  # type: ignore[arg-type]
    assert before == {file.name: file.read_bytes() for file in path.parent.iterdir()}
    return str(caught.value)


def test_the_command_fills_in_the_published_file_for_its_owner_alone(path: Path, desk: Desk) -> None:
    shutil.copy(PUBLISHED, path)
    path.chmod(0o644)
    command = [sys.executable, str(MAIN), "enrol", "--server", desk.url, "--code", CODE, "--config", str(path)]
    environ = {name: value for name, value in os.environ.items() if name not in config.OVERRIDES}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, env=environ)

    assert (0, "") == (ended.returncode, ended.stderr)
    assert 'This PC is PC-07 "Süd" now.' in ended.stdout
    assert "t0k3n-7" not in ended.stdout
    assert 0o600 == path.stat().st_mode & 0o777
    read = config.load(path, {})
    assert ("st-7", 'PC-07 "Süd"', "t0k3n-7") == (read.station.id, read.station.name, read.backend.token)
    assert f"ws://127.0.0.1:{desk.port}/ws/agent" == read.backend.url
    published = config.load(PUBLISHED, {})
    assert ("workstation", "kiosk") == (published.features.lock_mode, read.features.lock_mode)
    features = replace(published.features, lock_mode="kiosk")
    assert (features, published.session, published.system) == (read.features, read.session, read.system)
    assert "  grace_period: 60         # 60s grace period before logout\n" in path.read_text(encoding="utf-8")
    assert ["config.yaml"] == [file.name for file in path.parent.iterdir()]
    assert [("/api/v1/agent/enrol", {"code": CODE, "hostname": platform.node()})] == desk.asked


def test_a_link_that_was_planted_is_not_followed(path: Path, desk: Desk, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("of somebody else")
    path.with_name("config.yaml.new").symlink_to(precious)
    join(path, desk.url)

    assert "of somebody else" == precious.read_text()
    assert not path.is_symlink()
    assert "t0k3n-7" in path.read_text()


def test_without_a_config_there_is_one_afterwards(path: Path, desk: Desk) -> None:
    join(path, f"ws://127.0.0.1:{desk.port}/ws/agent/", code=f" {CODE} ")

    assert "st-7" == config.load(path, {}).station.id


def test_the_config_is_on_the_disk_before_it_takes_its_place(
    path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is used up: a power cut must not leave an empty file."""
    order: list[str] = []
    fsync, replace_file = os.fsync, Path.replace

    def synced(handle: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file {os.fstat(handle).st_size > 0}")
        fsync(handle)

    def replaced(draft: Path, target: Path) -> Path:
        order.append(target.name)
        return replace_file(draft, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    join(path, desk.url)

    assert ["file True", path.name, "folder"] == order


def test_a_pc_that_is_enrolled_stays_what_it_is_without_force(path: Path, desk: Desk) -> None:
    path.write_text(MINE)

    assert "already makes this PC station PC-01. Add --force" in refused(ConfigError, path, desk.url)
    assert [] == desk.asked  # the code is good once


def test_force_keeps_the_old_file_and_the_other_settings(path: Path, desk: Desk) -> None:
    path.write_text(MINE)

    lines = join(path, desk.url, force=True)

    aside = path.with_name("config.yaml.old-1")
    assert f"The one that was there is {aside}." in lines
    assert (MINE, 0o600) == (aside.read_text(), aside.stat().st_mode & 0o777)
    assert ("st-7", 7) == (config.load(path, {}).station.id, config.load(path, {}).session.grace_period)


def test_a_config_that_cannot_be_read_is_replaced_only_by_force(path: Path, desk: Desk) -> None:
    path.write_text("station: [\n")

    assert "not valid YAML" in refused(ConfigError, path, desk.url)
    join(path, desk.url, force=True)

    assert "station: [\n" == path.with_name("config.yaml.old-1").read_text()


def test_settings_that_would_be_kept_and_are_wrong_are_said_before_the_code_is_used(path: Path, desk: Desk) -> None:
    path.write_text(MINE.replace("7", "soon"))

    assert 'session.grace_period is "soon". Expected seconds' in refused(ConfigError, path, desk.url, force=True)
    assert [] == desk.asked


def test_what_would_override_the_config_is_said_before_the_code_is_used(path: Path, desk: Desk) -> None:
    path.with_name(".env").write_text("AGENT_TOKEN=old\n")

    said = refused(ConfigError, path, desk.url)

    assert "AGENT_TOKEN in" in said
    assert ".env would override what enrolment writes" in said
    assert [] == desk.asked


def test_a_code_that_is_wrong_used_or_too_old_says_what_the_server_says(path: Path, desk: Desk) -> None:
    assert "This enrolment code isn't valid. Make a new one." == refused(Refused, path, desk.url, code="XXXX-XXXX")


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ((401, {}, "?"), "Ask a manager for a new one"),
        ((422, {}, {}), "This can't be an enrolment code"),
        ((429, {"Retry-After": "42"}, {}), "Try again in 42 s"),
        ((404, {}, {}), "There is no GameOps server at http://127.0.0.1"),
        ((308, {"Location": "https://venue/"}, {}), "sends us to https://venue/. Give that"),
        ((503, {}, {"detail": "The database is away."}), "answered 503: The database is away."),
        ((201, {}, {"station_id": 7}), "isn't that of a GameOps server"),
        ((201, {}, ["list"]), "isn't that of a GameOps server"),
    ],
)
def test_every_other_answer_is_a_sentence(
    path: Path, desk: Desk, instead: tuple[int, dict[str, str], object], said: str
) -> None:
    desk.instead = instead

    assert said in refused(Refused, path, desk.url)


def test_a_server_that_cannot_be_reached_is_a_sentence(path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert "can't be reached (Connection refused). Check address, network" in refused(NotReached, path, address)
    assert "can't be reached (" in refused(NotReached, path, "http://no-such-host.invalid")


@pytest.mark.parametrize("address", ["venue:8000", "ftp://venue", "http://", "http://venue:port", "http://u:p@venue"])
def test_what_is_no_address_is_refused(path: Path, address: str) -> None:
    assert "Expected one such as http://HOST:8000" in refused(ConfigError, path, address)


def test_a_folder_that_is_not_there_is_said_first(tmp_path: Path, desk: Desk) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml can't be written \(No such file or directory\)"):
        join(tmp_path / "none" / "config.yaml", desk.url)
    assert [] == desk.asked


async def test_an_unknown_certificate_never_sees_the_code_and_the_venues_ca_is_written_down(path: Path) -> None:
    venue, other = Authority(path.parent / "venue"), Authority(path.parent / "other")
    async with serving(venue.issue("IP:127.0.0.1")) as server:
        server.answer = (201, STATION)
        address = f"https://127.0.0.1:{server.port}"
        with pytest.raises(NotReached, match=r"wasn't issued by the CA in .*other/ca\.pem"):
            await asyncio.to_thread(join, path, address, ca=other.ca)
        assert [] == server.asked
        await asyncio.to_thread(join, path, address, ca=venue.ca)

    read = config.load(path, {})
    assert f"wss://127.0.0.1:{server.port}/ws/agent" == read.backend.url
    assert venue.ca == config.ca_file(read, path)


def test_a_ca_without_encryption_is_said_before_the_code_is_used(path: Path, desk: Desk) -> None:
    with pytest.raises(ConfigError, match="encrypts nothing"):
        join(path, desk.url, ca=Path("ca.pem"))
    assert [] == desk.asked
