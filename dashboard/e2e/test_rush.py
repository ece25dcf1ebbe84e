"""The rush at eight: ten players at once, three who want more, one who moves, two who leave, one who didn't."""

from __future__ import annotations

from functools import partial

import pytest

from e2e.desk import Desk
from e2e.house import House
from tools.waiting import eventually

WITH_AGENT = ["PC-01", "PC-02", "PC-03"]
BY_HAND = [f"PS-{number:02}" for number in range(1, 9)]
PLAYERS = {
    "PC-01": "Marta K.",
    "PC-02": "Oğuzhan T.",
    "PC-03": "ليلى ح.",
    "PS-01": "kaito_91",
    "PS-02": "Ines M.",
    "PS-03": "Ahmet Y.",
    "PS-04": "Şeyma Ç.",
    "PS-05": "Iñaki Etxeberria Goikoetxea",
    "PS-06": "Pelin",
    "PS-07": "Zoë",
}
FREE = "PS-08"
MINUTES = 30

pytestmark = pytest.mark.timeout(240)


def test_a_rush(house: House) -> None:
    house.stations(WITH_AGENT, house.zone("Main hall"))
    house.stations(BY_HAND, house.zone("Lounge"), kind="console", driver="manual")
    agents = [house.pc(name) for name in WITH_AGENT]
    desk = house.desk(house.member("emre", "attendant"))
    desk.open()
    for name in WITH_AGENT:
        desk.expect_state(name, "free", within_seconds=40)

    start_ten(house, desk)
    extend_three(house, desk)
    move_one(house, desk)
    end_two_and_reopen_one(house, desk)
    assert all(not agent.calls("logout_user") for agent in agents[1:]), "only who was ended was logged out"
    tells_who_did_what(house)
    house.expect_no_complaints()


def start_ten(house: House, desk: Desk) -> None:
    for station, player in PLAYERS.items():
        desk.start(station, MINUTES, player)
    for station, player in PLAYERS.items():
        desk.expect_state(station, "ok", within_seconds=20)
        eventually(f"the server has {station} open", partial(is_open, house, station))
        playing = house.session_at(station)
        assert playing is not None
        assert (playing["user_name"], playing["duration_minutes"], playing["status"]) == (player, MINUTES, "active")
    desk.expect_accessible("ten sessions")
    desk.picture("ten-started")


def extend_three(house: House, desk: Desk) -> None:
    for station, minutes in (("PC-01", 15), ("PS-01", 30), ("PS-02", 20)):
        desk.extend(station, minutes)
        eventually(f"{station} has its time", partial(has_more, house, station, minutes))
        assert desk.seconds_left(station) > (MINUTES + minutes - 5) * 60


def move_one(house: House, desk: Desk) -> None:
    desk.move("PS-03", FREE)
    desk.expect_state(FREE, "ok")
    desk.expect_state("PS-03", "free")
    moved = eventually("the server has moved it", lambda: house.session_at(FREE))
    assert moved["user_name"] == PLAYERS["PS-03"]
    desk.picture("moved")


def end_two_and_reopen_one(house: House, desk: Desk) -> None:
    for station in ("PC-01", "PS-04"):
        desk.end(station)
        desk.expect_state(station, "free")
        eventually(f"{station} has ended", partial(is_over, house, station))
    desk.take_back_the_end("PS-04", PLAYERS["PS-04"])
    desk.expect_state("PS-04", "ok")
    reopened = eventually("it is open again", lambda: house.session_at("PS-04"))
    assert (reopened["user_name"], reopened["status"], reopened["end_reason"]) == (PLAYERS["PS-04"], "active", None)
    desk.picture("reopened")


def tells_who_did_what(house: House) -> None:
    """Each act is on record once, with the attendant's name."""
    items = house.backend.api.call("GET", "/api/v1/events?limit=200")["items"]
    done = [event["type"] for event in items if event["actor"]["name"] == "emre"]
    wanted = {
        "SESSION_CREATED": 10,
        "SESSION_EXTENDED": 3,
        "SESSION_MOVED": 1,
        "SESSION_ENDED": 2,
        "SESSION_REOPENED": 1,
    }
    assert {type_: done.count(type_) for type_ in wanted} == wanted


def has_more(house: House, station: str, minutes: int) -> bool:
    playing = house.session_at(station)
    return playing is not None and playing["extended_minutes"] == minutes


def is_open(house: House, station: str) -> bool:
    playing = house.session_at(station)
    return playing is not None and playing["status"] == "active"


def is_over(house: House, station: str) -> bool:
    return house.session_at(station) is None
