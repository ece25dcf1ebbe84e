"""The whole agent as a process: what the helper is told to show, in which language, and what the player chooses."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.agent.test_agent_commands import answer, command
from tests.fake_desktop import SCREEN
from tests.floor import hello, station


async def test_the_look_is_the_venues_and_survives_a_restart_without_a_server(tmp_path: Path) -> None:
    texts = {"de": {"language.name": "Deutsch", "desk.title": "Von der Theke"}}
    policy = {"locale": "de-AT", "venue_name": "Demo Arena", "house_message": "No food.", "texts": texts}
    async with station(tmp_path, policy=policy) as floor:
        await floor.agent.until(lambda: floor.desktop.told("look")[-1]["locale"] == "de")
        await floor.server.stop()
        await floor.agent.stop(signal.SIGKILL)
        count = len(floor.desktop.told("look"))
        await floor.agent.start(environ=SCREEN)
        await floor.agent.until(lambda: len(floor.desktop.told("look")) > count)
        look = floor.desktop.told("look")[-1]

        assert ("PC-01", "Demo Arena", "No food.", "de") == (
            look["station"],
            look["venue"],
            look["house_message"],
            look["locale"],
        )
        assert [["en", "English"], ["de", "Deutsch"]] == look["languages"]
        assert "Von der Theke" == look["texts"]["desk.title"]


async def test_the_players_choice_is_shown_at_once_and_a_place_is_kept(tmp_path: Path) -> None:
    policy = {"locale": "en", "texts": {"de": {"language.name": "Deutsch"}}}
    async with station(tmp_path, policy=policy) as floor:
        await floor.agent.until(lambda: len(floor.desktop.told("look")[-1]["languages"]) == 2)
        floor.desktop.choose(language="de", place=[7, 8])
        await floor.server.send("server_hello", protocol=1, policy={**policy, "house_message": "Hello"})
        await floor.agent.until(lambda: floor.desktop.told("look")[-1]["locale"] == "de")
        await floor.agent.stop()

        assert '{"place": [7, 8]}' == (floor.agent.folder / "state" / "overlay.json").read_text()


async def test_each_alert_is_told_once_and_not_again_to_a_new_helper(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play(62)
        await floor.agent.until(lambda: floor.desktop.told()[-1]["alert"] == [1, "last"])
        floor.desktop.signal(signal.SIGKILL)
        count = len(floor.desktop.told())
        await floor.agent.until(lambda: len(floor.desktop.told()) > count + 2)
        assert {None} == {str(f["alert"]) if f["alert"] else None for f in floor.desktop.told()[count:]}
        await command(floor.server, "message", message_id="m1", text="Pizza")
        assert (await answer(floor.server, "m1"))["ok"]
        await floor.agent.until(lambda: floor.desktop.told()[-1]["alert"] == [2, "message"])
        last = floor.desktop.told()[-1]

        assert ["From the desk", "Pizza"] == last["message"]


async def test_the_desks_lock_covers_and_a_message_behind_it_is_refused(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        await command(floor.server, "lock", message_id="m1", id_="c1")
        assert (await answer(floor.server, "m1"))["ok"]
        await floor.covered()
        await command(floor.server, "message", message_id="m2", id_="c2", text="Pizza")
        refused = await answer(floor.server, "m2")

        assert (False, "command.unsupported") == (refused["ok"], refused["error"]["code"])
        assert "the lock screen is shown" in refused["error"]["message"]
        assert "session_ended" not in floor.server.events()


@pytest.mark.parametrize("mode", ["", "super", "KIOSK"])
async def test_a_lock_mode_that_nobody_knows_sets_nothing(tmp_path: Path, mode: str) -> None:
    async with station(tmp_path, policy={"lock_mode": mode}) as floor:
        await floor.covered()

        assert "kiosk" == hello(floor)["settings"]["lock_mode"]
