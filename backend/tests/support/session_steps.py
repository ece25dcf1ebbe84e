"""What can happen on a floor, as Hypothesis draws it: the name of a step and what it is done with."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.domain.staff.schemas import Role

AGENTS, MANUALS = 3, 2

Step = tuple[Any, ...]

_pick = st.integers(0, 5)
_station = st.integers(0, AGENTS + MANUALS - 1)
_who = st.sampled_from([Role.OWNER, Role.MANAGER, Role.ATTENDANT])
_minutes = st.one_of(st.integers(1, 12), st.sampled_from([60, 700, 1440, 1441]))
_key = st.sampled_from([None, None, None, "a", "b"])
_named = st.one_of(st.none(), st.integers(0, 5))
_expected = st.sampled_from([None, None, None, None, None, 0, -1])  # off by that many from the true version

_START = st.tuples(st.just("start"), _station, _minutes, st.booleans(), _who, _key)
_OPENED = st.tuples(st.just("opened"), _pick, st.sampled_from([None, 0, 1, 5]))
_MEET = st.tuples(st.just("until_end"), _pick, st.sampled_from([-4, -1, 0, 1, 120, 239, 240]))
_EXTEND = st.tuples(st.just("extend"), _pick, _minutes, _who, _key, _expected)
_REPORT = st.tuples(
    st.just("report"),
    _station,
    st.sampled_from([None, 0, 0, 1, 2]),
    st.sampled_from(
        ["session_started"] * 4
        + ["session_ended"] * 3
        + ["locked"] * 3
        + ["logged_out", "waiting_for_logon", "session_extended"]
    ),
    st.sampled_from([None, 0, 1, 3, 10, 40, 120, 500, 900, -30]),  # seconds ago
    st.sampled_from([None, 0, 0, -1, -2, 1]),  # version, relative to the true one
    st.sampled_from([True, True, True, False]),
    st.sampled_from([None, None, "PC-1", "PC-1", "CLONE"]),
)
_AMOUNT = st.one_of(st.integers(-900, 900).filter(bool), st.sampled_from([-86_400, 86_400]))
_WAIT = st.one_of(  # quarters of a second
    st.integers(1, 16),
    st.integers(20, 2400),
    st.sampled_from([4 * 31, 4 * 601, 4 * 1801, 4 * 3599, 4 * 3601, 4 * 90_000]),
)
# How often what is done, and with what.
STEPS: dict[str, tuple[int, st.SearchStrategy[Step]]] = {
    "start": (6, _START),
    "opened": (10, _OPENED),
    "report": (12, _REPORT),
    "again": (2, st.tuples(st.just("again"))),
    "connect": (3, st.tuples(st.just("connect"), _station)),
    "disconnect": (3, st.tuples(st.just("disconnect"), _station)),
    "confirm": (2, st.tuples(st.just("confirm"), _pick, _expected)),
    "extend": (7, _EXTEND),
    "correct": (6, st.tuples(st.just("correct"), _pick, _AMOUNT, _named, _who, _key, _expected)),
    "take_back": (2, st.tuples(st.just("take_back"), _pick, _who)),
    "compensate": (2, st.tuples(st.just("compensate"), st.booleans(), st.integers(1, 900), _key)),
    "pause": (5, st.tuples(st.just("pause"), _pick, _expected)),
    "resume": (4, st.tuples(st.just("resume"), _pick, _expected)),
    "move": (6, st.tuples(st.just("move"), _pick, _station, _expected)),
    "end": (4, st.tuples(st.just("end"), _pick, _expected)),
    "reopen": (5, st.tuples(st.just("reopen"), _pick, _expected)),
    "darken": (4, st.tuples(st.just("darken"), _pick)),
    "wait": (8, st.tuples(st.just("wait"), _WAIT)),
    "until_end": (8, _MEET),
    "expire": (4, st.tuples(st.just("expire"))),
    "run_out": (4, st.tuples(st.just("run_out"), _pick)),
    "look_after": (2, st.tuples(st.just("look_after"))),
    "resume_overdue": (1, st.tuples(st.just("resume_overdue"))),
}
STEP = st.sampled_from([name for name, (often, _) in STEPS.items() for _ in range(often)]).flatmap(
    lambda name: STEPS[name][1]
)
HISTORY = st.tuples(st.lists(_START, min_size=2, max_size=3), st.lists(STEP, min_size=22, max_size=40)).map(
    lambda parts: [*parts[0], *parts[1]]
)
