"""The venues that are shown: what stands where, and who plays there this evening."""

from __future__ import annotations

from dataclasses import dataclass

from bench.history import Spot

TILE_WIDTH, TILE_HEIGHT, GAP, HEADING, MARGIN = 144, 88, 8, 40, 16
AISLE = 24  # between two pairs of rows

# Names as they come to a venue's desk: short, long, a nickname, three scripts.
PLAYERS = (
    *("Marta K.", "Oğuzhan T.", "ليلى ح.", "nova_77", "Şeyma Ç.", "Lucas P.", "محمد العلي", "Deniz", "Ines M."),
    *("Ahmet Y.", "kaito_91", "Zoë", "Emre B.", "Guest 14", "Iñaki Etxeberria Goikoetxea", "Pelin", "Mateus", "نور"),
)


@dataclass(frozen=True)
class Play:
    """A session of this evening. `minutes` are granted; `extended` follow; then it may be `paused` or `ended`."""

    station: str
    minutes: int
    player: str = ""
    extended: int = 0
    then: str = ""


@dataclass(frozen=True)
class Evening:
    """A floor, its zones' corners on the plan, and what goes on."""

    spots: tuple[Spot, ...] = ()
    corners: tuple[tuple[str, int, int, int], ...] = ()  # zone, x, y, columns
    plays: tuple[Play, ...] = ()
    agents: tuple[str, ...] = ()  # stations whose PC really runs an agent
    slow: str = ""  # its player takes very long to log on
    cut_off: str = ""  # its PC goes away in mid-session
    maintenance: dict[str, str] | None = None  # station and the note at it


def pcs(zone: str, first: int, last: int, driver: str = "agent") -> tuple[Spot, ...]:
    return tuple(Spot(f"PC-{number:02}", zone, "pc", driver) for number in range(first, last + 1))


SMALL = Evening(
    spots=(
        *pcs("Main hall", 1, 8),
        *(Spot("PS-01", "Lounge", "console", "manual"), Spot("PS-02", "Lounge", "console", "manual")),
        *(Spot("VR-1", "Lounge", "vr", "manual"), Spot("VR-2", "Lounge", "vr", "manual")),
    ),
    corners=(("Main hall", 0, 0, 4), ("Lounge", 648, 0, 2)),
    plays=(
        Play("PS-01", 45, "Pelin", then="ended"),
        Play("PC-01", 90, "Marta K.", extended=30),
        Play("PC-02", 9, "Oğuzhan T."),
        Play("PC-03", 4, "kaito_91"),
        Play("PC-04", 1, "ليلى ح."),
        Play("PC-05", 60, "Ines M.", then="paused"),
        Play("PC-06", 30, "Ahmet Y."),
        Play("PC-07", 60, "Lina H."),
        Play("PS-02", 120, "Iñaki Etxeberria Goikoetxea"),
        Play("VR-1", 25, "Şeyma Ç."),
    ),
    agents=("PC-01", "PC-02", "PC-03", "PC-04", "PC-05", "PC-06", "PC-07"),
    slow="PC-07",
    cut_off="PC-06",
    maintenance={"VR-2": "Controllers charging"},
)


def large(count: int) -> Evening:
    """So many stations in five zones. Two have a PC with an agent; most of the rest are opened by hand."""
    names = ("Main hall", "Back room", "Stage", "Bootcamp", "VIP")
    size = -(-count // len(names))
    width = zone_size(size, 8)[0] + GAP * 2
    height = zone_size(size, 8)[1] + GAP * 2
    spots = tuple(
        Spot(
            f"PC-{n + 1:03}",
            names[n // size],
            ("pc", "pc", "pc", "console", "vr")[n // size],
            "agent" if n % 17 == 3 else "manual",
        )
        for n in range(count)
    )
    agents = tuple(spot.name for spot in spots if spot.driver == "agent")[:2]
    by_hand = [spot.name for spot in spots if spot.driver == "manual"]
    plays = [
        Play(name, (25, 90, 7, 60, 180, 45, 4, 120, 33, 240, 15)[n % 11], PLAYERS[n % len(PLAYERS)], then=then(n))
        for n, name in enumerate(name for k, name in enumerate(by_hand) if k % 10 < 7)
    ]
    unheard = [spot.name for spot in spots if spot.driver == "agent"][2:4]
    return Evening(
        spots=spots,
        corners=tuple((name, n % 2 * width, n // 2 * height, 8) for n, name in enumerate(names)),
        plays=(
            Play(agents[0], 1, "Ben A."),
            Play(agents[1], 35, "Noah"),
            *(Play(name, 60, "Lina H.") for name in unheard),
            *plays,
        ),
        agents=agents,
        cut_off=agents[1],
        maintenance={by_hand[8]: "Fan noise, back Monday", by_hand[18]: "Waiting for a new headset cable"},
    )


def then(number: int) -> str:
    return {5: "paused", 9: "ended"}.get(number % 23, "")


def evening(stations: int) -> Evening:
    """The evening of a venue of that size."""
    if stations == 0:
        return Evening()
    return SMALL if stations == len(SMALL.spots) else large(stations)


def places(of: Evening) -> dict[str, dict[str, int]]:
    """Where each station stands: rows of its zone, an aisle after every second one."""
    columns = {zone: count for zone, _, _, count in of.corners}
    stood: dict[str, int] = {}
    found = {}
    for spot in of.spots:
        number = stood.get(spot.zone, 0)
        stood[spot.zone] = number + 1
        row, column = divmod(number, columns[spot.zone])
        x, y = column * (TILE_WIDTH + GAP), row * (TILE_HEIGHT + GAP) + row // 2 * (AISLE - GAP)
        found[spot.name] = {"x": x, "y": y, "w": TILE_WIDTH, "h": TILE_HEIGHT}
    return found


def zone_size(stations: int, columns: int) -> tuple[int, int]:
    rows = -(-stations // columns)
    width = min(stations, columns) * (TILE_WIDTH + GAP) - GAP + 2 * MARGIN
    height = rows * (TILE_HEIGHT + GAP) - GAP + (rows - 1) // 2 * (AISLE - GAP) + HEADING + MARGIN
    return width, height
