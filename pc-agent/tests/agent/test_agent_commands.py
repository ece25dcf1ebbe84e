"""The whole agent as a process: the desk's commands on the wire."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from tests.display import Display
from tests.process import AgentProcess, running
from tests.servers import Json, ProtocolServer, SpecServer


async def command(
    server: SpecServer, name: str, *, message_id: str | None = None, id_: str = "c1", **params: str
) -> None:
    message: Json = {"type": "command", "data": {"id": id_, "command": name, "params": params}}
    await server.send_raw(json.dumps(message | ({"id": message_id} if message_id else {})))


async def answer(server: SpecServer, message_id: str) -> Json:
    ack = await server.until(lambda m: m["type"] == "ack" and m["data"]["id"] == message_id)
    data: Json = ack["data"]
    return data


async def test_commands_are_acknowledged_after_they_were_carried_out(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        acts = {"lock": "lock_workstation", "log_off": "logout_user", "restart": "restart", "shutdown": "shutdown"}
        for name, act in acts.items():
            await command(server, name, message_id=f"m-{name}", id_=f"c-{name}")
            assert {"id": f"m-{name}", "ok": True} == await answer(server, f"m-{name}")
            assert act == agent.names()[-1]

        await command(server, "unlock", message_id="m-unlock", id_="c-unlock")
        refused = await answer(server, "m-unlock")
        assert (False, "command.unknown") == (refused["ok"], refused["error"]["code"])
        assert "PC-01  the desk: restart" in agent.lines


async def test_a_repeated_command_is_done_once_also_by_the_agent_that_comes_after(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        await agent.start()
        await server.until_connected()
        for message_id in ("m1", "m1", "m2"):
            await command(server, "restart", message_id=message_id)
        assert (await answer(server, "m2"))["ok"]
        await agent.stop(signal.SIGKILL)

        async with running(agent):
            await server.until_connected(2)
            await command(server, "restart", message_id="m3")
            assert (await answer(server, "m3"))["ok"]

        assert 1 == agent.names().count("restart")
        assert 2 == sum(m["type"] == "ack" and m["data"]["id"] == "m1" for m in server.received)


async def test_a_spec_only_servers_command_is_done_once_an_id(tmp_path: Path) -> None:
    async with SpecServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        for id_ in ("c1", "c1", "c2"):
            await command(server, "restart", id_=id_)
        await command(server, "lock", id_="c3")
        await agent.until(lambda: agent.names().count("lock_workstation") == 2)

        assert ["lock_workstation", "restart", "restart", "lock_workstation"] == agent.names()
        assert not [m for m in server.received if m["type"] == "ack"]


async def test_a_message_is_on_the_overlay_and_a_notification(tmp_path: Path, display: Display) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url, overlay=True)
        async with running(agent, environ={"DISPLAY": display.name}):
            await server.until_connected()
            await server.send("session_start", **server.start_data("s1", 3600))
            await server.until_event("session_started")
            display.until_title(r"GameOps 59:\d\d until .* green")
            await command(server, "message", message_id="m1", text="Your pizza is ready.")
            assert (await answer(server, "m1"))["ok"]

            display.until_title(r"GameOps 59:\d\d until .* green \| From the desk: Your pizza is ready\.")
            shown = agent.calls()[-1]
            assert ("show_notification", {"title": "From the desk", "message": "Your pizza is ready."}) == (
                shown["call"],
                shown["args"],
            )
