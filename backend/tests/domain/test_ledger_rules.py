"""The pure rules of a session's ledger, timeline and states."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Conflict
from app.domain.sessions.errors import CorrectionTooLarge
from app.domain.sessions.rules import (
    Gap,
    Grant,
    Over,
    Seat,
    check,
    coverage,
    effective,
    may_reopen,
    played_seconds,
    same_pc,
    scheduled_end_at,
    take_from,
    timeline,
    tolerated,
    unused,
    without,
)
from app.domain.sessions.schemas import Action, GapKind, SessionStatus

START = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@st.composite
def stories(draw: st.DrawFn) -> tuple[datetime, list[Seat], list[Gap]]:
    """An end, touching seats and gaps that don't overlap, as a session has them."""
    length = draw(st.integers(0, 5000))
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=4)))
    edges = [0, *cuts, length]
    seats = [
        Seat(uuid.uuid4(), None, START + since * SECOND, START + until * SECOND)
        for since, until in itertools.pairwise(edges)
    ]
    bounds = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    kinds = st.sampled_from(list(GapKind))
    gaps = [
        Gap(START + since * SECOND, START + until * SECOND, draw(kinds))
        for since, until in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    return START + length * SECOND, seats, gaps


@given(stories())
def test_a_timeline_is_ordered_whole_and_adds_up(story: tuple[datetime, list[Seat], list[Gap]]) -> None:
    end, seats, gaps = story
    spans = timeline(START, end, seats, gaps)
    assert [span.since for span in spans] == [START, *(span.until for span in spans)][: len(spans)]
    assert (spans[-1].until if spans else START) == end
    assert all(span.seconds > 0 for span in spans)
    stood_still = sum(((gap.until or end) - gap.since for gap in gaps), timedelta())
    playing = sum((span.until - span.since for span in spans if span.gap is None), timedelta())
    assert playing == end - START - stood_still
    assert playing // SECOND == played_seconds(START, end, gaps)
    for span in spans:
        assert any(
            seat.station_id == span.station_id and seat.since <= span.since and span.until <= (seat.until or end)
            for seat in seats
        )


@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 999_999))
def test_an_open_gap_stops_what_is_played(since: int, until: int, part: int) -> None:
    now = START + until * SECOND + timedelta(microseconds=part)
    assert played_seconds(START, now, [Gap(START + since * SECOND, None)]) == min(since, until)


@given(st.lists(st.integers(1, 9000), max_size=4), st.integers(0, 4000))
def test_an_open_move_has_a_provisional_deadline(grants: list[int], since: int) -> None:
    moving = Gap(START + since * SECOND, None, GapKind.MOVING)
    assert scheduled_end_at(START, grants, [moving]) == START + sum(grants) * SECOND


def ledger(seconds: Sequence[int], taken: Sequence[tuple[int, int]]) -> list[Grant]:
    """Grants of these seconds, each of which then loses a share (number of the grant, per cent)."""
    grants = [Grant(uuid.uuid4(), each) for each in seconds]
    for number, percent in taken:
        shortened = grants[number % len(seconds)]
        worth = dict(effective(grants))[shortened.id]
        if worth * percent // 100:
            grants.append(Grant(uuid.uuid4(), -(worth * percent // 100), shortened.id))
    return grants


LEDGERS = st.builds(
    ledger,
    st.lists(st.integers(1, 7200), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100)), max_size=5),
)


@given(LEDGERS, st.integers(0, 50_000))
def test_grants_cover_what_was_played_in_order(grants: list[Grant], played: int) -> None:
    total = sum(grant.seconds for grant in grants)
    worth, covered = dict(effective(grants)), coverage(grants, played)
    assert sum(worth.values()) == total
    assert sum(part for _, part in covered) == min(played, total)
    assert all(0 <= part <= worth[grant_id] for grant_id, part in covered)
    for (earlier, part), (_, later) in itertools.pairwise(covered):
        assert part == worth[earlier] or later == 0
    rest = unused(grants, played)
    assert {grant_id: worth[grant_id] - part for grant_id, part in covered} == rest


@given(LEDGERS, st.integers(0, 20_000), st.integers(1, 20_000), st.booleans())
def test_what_was_used_is_never_taken(grants: list[Grant], played: int, seconds: int, by_name: bool) -> None:
    named = grants[0].id if by_name else None
    rest = unused(grants, played)
    most = rest[grants[0].id] if by_name else sum(rest.values())
    if seconds > most:
        with pytest.raises(CorrectionTooLarge) as error:
            take_from(grants, played, seconds, named)
        assert error.value.extra == {"unused_seconds": most}
        return
    taken = take_from(grants, played, seconds, named)
    assert sum(part for _, part in taken) == seconds
    assert all(0 < part <= rest[grant_id] for grant_id, part in taken)
    after = [*grants, *(Grant(uuid.uuid4(), -part, grant_id) for grant_id, part in taken)]
    assert coverage(after, played) == coverage(grants, played)
    if named is None:  # the newest goes first: what is older is whole unless what is newer is gone
        order, lost = list(rest), dict(taken)
        for older, newer in itertools.pairwise(order):
            assert older not in lost or lost.get(newer, 0) == rest[newer]


@pytest.mark.parametrize(
    ("delay_ms", "good"), [(-5000, True), (0, True), (1999, True), (2000, True), (2001, False), (600_000, False)]
)
def test_two_seconds_until_it_opens_are_tolerated(delay_ms: int, good: bool) -> None:
    assert tolerated(START, START + timedelta(milliseconds=delay_ms)) is good


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        (0, 5, [(0, 5)]),
        (5, 15, [(5, 10)]),
        (12, 35, [(20, 30)]),
        (5, 45, [(5, 10), (20, 30), (40, 45)]),
        (10, 20, []),
        (31, 39, []),
    ],
)
def test_what_is_left_of_a_stretch_where_time_stood_still_already(
    since: int, until: int, left: list[tuple[int, int]]
) -> None:
    gaps = [Gap(START + a * SECOND, START + b * SECOND) for a, b in ((30, 40), (10, 20))]
    found = without(START + since * SECOND, START + until * SECOND, gaps)
    assert [((a - START) // SECOND, (b - START) // SECOND) for a, b in found] == left


OVER_AND_STANDS = [
    ("manual_stop", True, 0, ""),
    ("manual_stop", True, 3599, ""),
    ("manual_stop", True, 3600, "session.reopen_too_late"),
    ("manual_stop", False, 0, "session.never_opened"),
    ("never_opened", False, 0, "session.never_opened"),
    ("never_opened", True, 10, ""),
    ("expired", True, 59, ""),
    ("expired", True, 60, "session.ended"),
]


@pytest.mark.parametrize(("reason", "confirmed", "after", "code"), OVER_AND_STANDS)
def test_which_ends_can_be_taken_back(reason: str, confirmed: bool, after: int, code: str) -> None:
    over = Over(START, reason, confirmed, 60)
    assert refusal(lambda: may_reopen(over, START + after * SECOND, "A-01")) == code
    assert refusal(lambda: may_reopen(over, START, "A-01", settled=True)) == "session.settled"


# Pending, active, paused, ended; what is over is refused before this rule, except to a reopening.
TABLE = {
    Action.CONFIRM: ("", "", "session.already_open", "session.already_open"),
    Action.EXTEND: ("", "", "", "session.not_active"),
    Action.CORRECT: ("", "", "", "session.not_active"),
    Action.COMPENSATE: ("", "", "", "session.not_active"),
    Action.PAUSE: ("session.not_active", "", "session.not_active", "session.not_active"),
    Action.RESUME: ("session.not_paused", "session.not_paused", "", "session.not_paused"),
    Action.MOVE: ("", "", "", "session.not_active"),
    Action.END: ("", "", "", "session.not_active"),
    Action.REOPEN: ("session.not_ended", "session.not_ended", "session.not_ended", ""),
}


@pytest.mark.parametrize("action", list(Action))
def test_what_can_be_done_in_which_state(action: Action) -> None:
    found = tuple(refusal(lambda status=status: check(action, status, "A-01")) for status in SessionStatus)
    assert found == TABLE[action]


@pytest.mark.parametrize(
    ("known", "said", "same"),
    [(None, "A", True), ("A", None, True), (None, None, True), ("A", "A", True), ("A", "a", True), ("A", "B", False)],
)
def test_a_name_that_nobody_knows_says_nothing(known: str | None, said: str | None, same: bool) -> None:
    assert same_pc(known, said) is same


def refusal(attempt: object) -> str:
    """The code with which it is refused, "" when it isn't."""
    try:
        attempt()  # type: ignore[operator]
    except Conflict as error:
        return error.code
    return ""
