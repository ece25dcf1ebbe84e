"""The whole agent as a process on a Linux station: a session from the player's logon to the greeter."""

from __future__ import annotations

from pathlib import Path

from tests.logind import private_bus
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer


async def test_a_session_on_a_linux_station(tmp_path: Path) -> None:
    with private_bus(tmp_path, "org.freedesktop.login1", "org.freedesktop.Notifications") as bus:
        environ = {"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "DBUS_SESSION_BUS_ADDRESS": bus.address}
        desk = bus.logind
        async with ProtocolServer() as server:
            agent = AgentProcess(tmp_path / "agent", server.url, grace=1)
            async with running(agent, "--backend", "linux", environ=environ):
                hello = await server.until_connected()
                assert ["overlay", "idle_time", "pause"] == hello["data"]["capabilities"]
                await agent.until(lambda: desk.locked)
                await server.send("session_start", **server.start_data("s1", 4))
                await server.until_event("waiting_for_logon")
                assert desk.awake
                desk.locked = False  # the player signs in
                await server.until_event("session_started")
                ended = await server.until_event("expired_enforced")
                await agent.until(lambda: not desk.awake)

    assert ended["success"]
    assert ["Lock", "Inhibit", "Lock", "Terminate"] == desk.calls
    assert ["Time is up"] == [title for title, _ in desk.notices if "left" not in title]
    assert (None, True) == (desk.player, desk.greeter)
