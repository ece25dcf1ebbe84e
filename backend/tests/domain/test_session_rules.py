"""The pure rules of a session's time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sessions.errors import DurationOutOfLimits, PastHardStop
from app.domain.sessions.rules import (
    Gap,
    advances,
    check_addition,
    check_hard_stop,
    check_start,
    check_total,
    scheduled_end_at,
)
from app.domain.sessions.schemas import Delivery
from app.domain.sessions.views import seconds_until
from app.domain.venues.schemas import VenueOut

START = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
GRANTS = st.lists(st.integers(-3600, 86_400).filter(bool), max_size=8)
SECONDS = st.integers(0, 100_000)


@st.composite
def closed_gaps(draw: st.DrawFn) -> list[Gap]:
    at, gaps = START, []
    for _ in range(draw(st.integers(0, 5))):
        since = at + timedelta(seconds=draw(SECONDS))
        at = since + timedelta(seconds=draw(SECONDS))
        gaps.append(Gap(since, at))
    return gaps


def seconds_of(gaps: list[Gap]) -> int:
    return sum(int((gap.until - gap.since).total_seconds()) for gap in gaps if gap.until is not None)


@given(GRANTS, closed_gaps())
def test_the_deadline_is_start_plus_grants_plus_gaps(grants: list[int], gaps: list[Gap]) -> None:
    assert scheduled_end_at(START, grants, gaps) == START + timedelta(seconds=sum(grants) + seconds_of(gaps))


@given(GRANTS, closed_gaps(), st.integers(-1000, 1_000_000))
def test_a_hard_stop_is_never_passed_and_changes_nothing_before_it(
    grants: list[int], gaps: list[Gap], stop: int
) -> None:
    free, hard = scheduled_end_at(START, grants, gaps), START + timedelta(seconds=stop)
    stopped = scheduled_end_at(START, grants, gaps, hard)
    assert stopped is not None
    assert free is not None
    assert stopped <= hard
    assert stopped == free or (free > hard and stopped == hard)


@given(GRANTS, closed_gaps(), st.integers(1, 86_400))
def test_one_more_grant_moves_the_deadline_by_exactly_itself(grants: list[int], gaps: list[Gap], more: int) -> None:
    before, after = scheduled_end_at(START, grants, gaps), scheduled_end_at(START, [*grants, more], gaps)
    assert before is not None
    assert after == before + timedelta(seconds=more)


@given(GRANTS, closed_gaps())
def test_while_a_gap_is_open_there_is_no_deadline(grants: list[int], gaps: list[Gap]) -> None:
    assert scheduled_end_at(START, grants, [*gaps, Gap(START, None)]) is None


@given(GRANTS, closed_gaps(), st.integers(-1000, 1_000_000))
def test_a_hard_stop_goes_on_during_a_pause(grants: list[int], gaps: list[Gap], stop: int) -> None:
    hard = START + timedelta(seconds=stop)
    assert scheduled_end_at(START, grants, [*gaps, Gap(START, None)], hard) == hard


@given(st.integers(-10_000, 10_000), st.integers(1, 10_000))
def test_what_is_given_before_a_hard_stop_can_be_played_to_the_last_second(room: int, seconds: int) -> None:
    deadline, hard = START, START + timedelta(seconds=room)
    if seconds <= room:
        check_hard_stop(deadline, hard, seconds)
        assert scheduled_end_at(deadline, [seconds], hard_stop_at=hard) == deadline + timedelta(seconds=seconds)
    else:
        with pytest.raises(PastHardStop):
            check_hard_stop(deadline, hard, seconds)


def venue(least: int = 1, most: int = 1440, step: int = 1) -> VenueOut:
    return VenueOut(
        id=uuid.uuid4(),
        name="V",
        time_zone="UTC",
        day_start_minutes=360,
        locale="en",
        min_minutes=least,
        max_minutes=most,
        step_minutes=step,
        warning_seconds=None,
        grace_seconds=None,
        auto_lock=None,
        auto_logout=None,
        lock_mode=None,
        house_message=None,
        languages=None,
        texts=None,
        max_pause_minutes=30,
        unconfirmed_seconds=30,
        never_opened_seconds=600,
        version=1,
    )


def allowed(check: object, *arguments: object) -> bool:
    try:
        check(*arguments)  # type: ignore[operator]
    except DurationOutOfLimits:
        return False
    return True


@given(st.integers(-10, 3000), st.integers(1, 60), st.integers(60, 2000), st.integers(1, 30))
def test_a_start_is_within_the_limits_and_on_a_step(minutes: int, least: int, most: int, step: int) -> None:
    right = least <= minutes <= most and minutes % step == 0
    assert allowed(check_start, venue(least, most, step), minutes) == right


@given(st.integers(60, 86_400), st.integers(1, 3000), st.integers(60, 2000), st.integers(1, 30))
def test_extensions_stay_within_the_longest_session(granted: int, minutes: int, most: int, step: int) -> None:
    house = venue(1, most, step)
    assert allowed(check_addition, house, minutes) == (minutes <= most and minutes % step == 0)
    assert allowed(check_total, house, granted, minutes * 60) == (granted + minutes * 60 <= most * 60)


def test_a_refusal_names_the_field_and_says_what_would_do() -> None:
    with pytest.raises(DurationOutOfLimits) as error:
        check_start(venue(30, 120, 15), 10)
    assert error.value.detail == "A session here lasts from 30 to 120 min, not 10."
    assert error.value.extra == {"errors": [{"field": "duration_minutes", "message": error.value.detail}]}
    with pytest.raises(DurationOutOfLimits, match="can get 20 min more"):
        check_total(venue(1, 120), 6000, 21 * 60)


def test_a_delivery_only_goes_forward() -> None:
    steps = [Delivery.SENDING, Delivery.DELIVERED, Delivery.WAITING_FOR_LOGON, Delivery.CONFIRMED]
    for now, then in permutations(steps, 2):
        assert advances(now, then) == (steps.index(now) < steps.index(then))
    assert not any(advances(step, step) for step in steps)


@given(st.floats(-1000, 1000))
def test_a_countdown_is_rounded_up_and_never_negative(left: float) -> None:
    shown = seconds_until(START + timedelta(seconds=left), START)
    exact = timedelta(seconds=left).total_seconds()
    assert shown == 0 if exact <= 0 else 0 <= shown - exact < 1
