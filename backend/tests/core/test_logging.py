"""Logs: readable by a machine, and without a secret, uvicorn's own lines included."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.core.logging import configure_logging, get_logger, redact
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.desk import desk
from tests.support.people import PASSWORD


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /ws/agent/1?token=abc.def-1 HTTP/1.1", "GET /ws/agent/1?token=[redacted] HTTP/1.1"),
        ("/x?a=1&token=abc&b=2", "/x?a=1&token=[redacted]&b=2"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("sec-websocket-protocol: bearer, abc.def", "sec-websocket-protocol: bearer, [redacted]"),
        ('{"password": "hunter2", "n": 1}', '{"password": "[redacted]", "n": 1}'),
        ('{"token":"abc"}', '{"token":"[redacted]"}'),
        ("cookie: a=1; gameops_refresh=x.1.y; b=2", "cookie: a=1; gameops_refresh=[redacted]; b=2"),
        ("nothing secret", "nothing secret"),
    ],
)
def test_secrets_are_cut_out(said: str, kept: str) -> None:
    assert redact(said) == kept


def lines(directory: Path) -> list[dict[str, object]]:
    text = (directory / "gameops.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_of_the_file_is_a_json_object(tmp_path: Path) -> None:
    configure_logging("INFO", tmp_path)
    get_logger("app.test").warning("something_happened", station="PC-01", url="/x?token=abc")
    logging.getLogger("some.library").error("failed at %s with %s", "/x?token=abc", {"n": 1})
    try:
        1 // 0  # noqa: B018 - for its trace
    except ZeroDivisionError:
        get_logger("app.test").exception("failed")
    ours, theirs, failure = lines(tmp_path)
    assert ours == ours | {
        "event": "something_happened",
        "level": "warning",
        "station": "PC-01",
        "url": "/x?token=[redacted]",
    }
    assert str(ours["timestamp"]).endswith("Z")
    assert theirs["event"] == "failed at /x?token=[redacted] with {'n': 1}"
    assert "ZeroDivisionError" in str(failure["exception"])


def test_setting_it_up_again_doesn_t_double_the_lines(tmp_path: Path) -> None:
    for _ in range(3):
        configure_logging("INFO", tmp_path)
    get_logger("app.test").info("once")
    assert [line["event"] for line in lines(tmp_path)] == ["once"]


@pytest.mark.settings(log_level="DEBUG")
async def test_no_token_or_password_reaches_the_log_of_a_server(api: Api, capfd: pytest.CaptureFixture[str]) -> None:
    """The whole life of a few connections, with every log at its most talkative."""
    logging.getLogger("uvicorn.access").setLevel(logging.DEBUG)
    station = await api.station()
    old = f"{api.server.ws}/ws/agent/{station.id}?token={station.token}"
    async with connect(old, compression=None) as socket:
        await socket.recv()
    wrong = f"wrong{station.token}"
    with pytest.raises(InvalidStatus):
        async with connect(f"{api.server.ws}/ws/agent/{station.id}?token={wrong}"):
            pass
    async with our_agent(api.server, station):
        pass
    credentials = {"username": "owner", "password": PASSWORD}
    access = (await api.post("/auth/login", credentials, role=None))["access_token"]
    cookie = api.client.cookies["gameops_refresh"]
    async with desk(api.server, access):
        pass

    written = (api.server.settings.log_dir / "gameops.log").read_text(encoding="utf-8") + capfd.readouterr().err
    assert f"/ws/agent/{station.id}?token=[redacted]" in written, "uvicorn's own line isn't there: nothing was tested"
    for secret in (station.token, wrong, access, cookie, PASSWORD):
        assert secret not in written
