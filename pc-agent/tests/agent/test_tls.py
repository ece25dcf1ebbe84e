"""WSS against uvicorn: whom the agent trusts, and that what it refuses is said in words and never let through."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from agent import tls
from agent.errors import ConfigError
from tests.certificates import Authority, serving
from tests.process import AgentProcess
from tests.process import running as agent_running
from tests.rig import Rig, eventually, running
from tests.servers import ProtocolServer


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("venue"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"))


async def refusal(url: str, folder: Path, ca: Path | None) -> str:
    """What the client says of a server that it doesn't trust."""
    async with running(Rig(url, folder, ca=ca)) as rig:
        await eventually(lambda: len(rig.desk.changes) >= 1)
        connected, said = rig.desk.changes[0]
        assert not connected
        return said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_the_venues_own_ca_is_trusted_once_it_is_named(tmp_path: Path, venue: Authority, host: str) -> None:
    async with serving(venue.issue("IP:127.0.0.1" if host[0] == "1" else "DNS:localhost")) as server:
        async with running(Rig(server.url.replace("localhost", host), tmp_path, ca=venue.ca)) as rig:
            await eventually(lambda: rig.client.connected)

        assert ["/ws/agent/st-1"] == server.asked


async def test_a_ca_file_that_is_gone_is_the_reason_and_the_agent_goes_on(tmp_path: Path, venue: Authority) -> None:
    """An agent that doesn't start can't lock. Once the file is back, it connects by itself."""
    gone = tmp_path / "venue-ca.pem"
    async with serving(venue.issue("DNS:localhost")) as server, running(Rig(server.url, tmp_path, ca=gone)) as rig:
        await eventually(lambda: len(rig.desk.changes) >= 1)
        assert rig.desk.changes[0][1].startswith(f"backend.ca is {gone}, and there is no such file")
        gone.write_text(venue.ca.read_text())
        await eventually(lambda: rig.client.connected)


async def test_a_ca_that_nobody_named_is_refused(tmp_path: Path, venue: Authority) -> None:
    async with serving(venue.issue("DNS:localhost")) as server:
        said = await refusal(server.url, tmp_path, None)

        assert f"the certificate of localhost:{server.port} wasn't issued by a CA that this PC trusts" in said
        assert "Name the certificate of the venue's own CA in backend.ca (or BACKEND_CA)" in said
        assert [] == server.asked


async def test_another_ca_than_the_named_one_is_refused(tmp_path: Path, venue: Authority, stranger: Authority) -> None:
    """Of the same name, as somebody in between would make one."""
    async with serving(stranger.issue("DNS:localhost")) as server:
        said = await refusal(server.url, tmp_path, venue.ca)

        assert f"wasn't issued by the CA in {venue.ca} (backend.ca)" in said
        assert [] == server.asked


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path, venue: Authority) -> None:
    async with serving(venue.issue("DNS:till.example")) as server:
        said = await refusal(server.url, tmp_path, venue.ca)

        assert f"the certificate isn't for localhost:{server.port} but for another name" in said
        assert [] == server.asked


async def test_an_expired_certificate_is_refused(tmp_path: Path, venue: Authority) -> None:
    async with serving(venue.issue("DNS:localhost", days=-1)) as server:
        said = await refusal(server.url, tmp_path, venue.ca)

        assert f"the certificate of localhost:{server.port} has expired. Renew it" in said
        assert [] == server.asked


async def test_a_server_without_tls_is_refused_under_wss(tmp_path: Path, venue: Authority) -> None:
    async with ProtocolServer() as server:
        said = await refusal(server.url.replace("ws:", "wss:"), tmp_path, venue.ca)

        assert "whether it is ws:// or wss:// (with TLS)" in said
        assert [] == server.requests


async def test_a_server_with_tls_is_named_as_such_under_ws(tmp_path: Path, venue: Authority) -> None:
    async with serving(venue.issue("DNS:localhost")) as server:
        said = await refusal(server.url.replace("wss:", "ws:"), tmp_path, None)

        assert "whether it is ws:// or wss:// (with TLS)" in said


async def test_the_whole_agent_reads_the_ca_from_the_environment(tmp_path: Path, venue: Authority) -> None:
    """A name without a folder lies beside the config file."""
    async with serving(venue.issue("DNS:localhost")) as server:
        agent = AgentProcess(tmp_path, server.url)
        (tmp_path / "venue-ca.pem").write_text(venue.ca.read_text())
        async with agent_running(agent, environ={"BACKEND_CA": "venue-ca.pem"}):
            await agent.until(lambda: any("connected" in line for line in agent.lines))


def test_one_that_is_not_valid_yet_points_at_the_clock() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate is not yet valid")
    error.verify_code = 9

    assert "Set this PC's clock, which seems to be behind" in tls.explain(error, "venue", None)


def test_a_ca_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.pem"
    spoiled.write_text("not a certificate")

    with pytest.raises(ConfigError, match=r"backend\.ca is .*none\.pem, and there is no such file"):
        tls.context("wss://h/ws/agent", tmp_path / "none.pem")
    with pytest.raises(ConfigError, match=r"backend\.ca is .*spoiled\.pem, which is no certificate"):
        tls.context("wss://h/ws/agent", spoiled)
    with pytest.raises(ConfigError, match=r"but ws://h/ws/agent encrypts nothing"):
        tls.context("ws://h/ws/agent", spoiled)


def test_nothing_in_the_agent_can_switch_verification_off() -> None:
    made = tls.context("wss://h/ws/agent", None)
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(tls.__file__).parent.rglob("*.py"))

    assert made is not None
    assert (ssl.CERT_REQUIRED, True) == (made.verify_mode, made.check_hostname)
    assert not {"CERT_NONE", "_create_unverified_context", "check_hostname"} & set(sources.replace(".", " ").split())
