"""What `make pictures` shows: which screens are chosen, and that the made-up floors are floors."""

from __future__ import annotations

import pytest

from tools.pictures.floors import SMALL, Evening, evening, large, places, zone_size
from tools.pictures.screens import SCREENS
from tools.say import Refusal
from tools.verbs.pictures import chosen_screens


def test_a_name_chooses_all_screens_that_begin_with_it() -> None:
    assert [screen.name for screen in chosen_screens(["panel-f", "team"])] == ["panel-foot", "panel-free", "team"]
    assert list(SCREENS) == chosen_screens([])


def test_an_unknown_screen_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refusal, match=r"There is no screen bar\. ONLY takes some of: sign-in, floor"):
        chosen_screens(["floor", "bar"])


@pytest.mark.parametrize("count", [0, 12, 200])
def test_a_floor_has_as_many_stations_as_it_should(count: int) -> None:
    assert len(evening(count).spots) == count


@pytest.mark.parametrize("of", [SMALL, large(200)], ids=["small", "large"])
def test_stations_stand_within_their_zones_and_zones_beside_each_other(of: Evening) -> None:
    found = places(of)
    boxes = []
    for zone, x, y, columns in of.corners:
        members = [found[spot.name] for spot in of.spots if spot.zone == zone]
        width, height = zone_size(len(members), columns)
        assert max(place["x"] + place["w"] for place in members) + 32 == width
        assert max(place["y"] + place["h"] for place in members) + 56 == height
        boxes.append((x, y, x + width, y + height))
    assert not [
        (a, b)
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert {play.station for play in of.plays} <= set(found)
