"""The server's time on a clock that nobody can set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent import clock
from agent.clock import ServerClock

EPOCH = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def offset_of(server: datetime, mono: float) -> float:
    return server.timestamp() - mono


def near(offset: float) -> object:
    """To a tenth of a millisecond: pytest's own tolerance is relative, and Unix times are large."""
    return pytest.approx(offset, rel=0, abs=1e-4)


def test_until_anything_is_known_the_pcs_clock_counts() -> None:
    assert abs((ServerClock().now() - datetime.now(UTC)).total_seconds()) < 0.5


@pytest.mark.parametrize("back", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("round_trip", [0.01, 0.4, 1.0, 4.8])
def test_no_way_back_makes_an_end_early_nor_later_than_by_itself(round_trip: float, back: float) -> None:
    """`back` is the share of the round trip that the answer took, which nobody can measure."""
    server_clock = ServerClock()

    server_clock.observe(EPOCH, received=100.0, round_trip=round_trip)

    truly = offset_of(EPOCH + timedelta(seconds=round_trip * back), 100.0)
    late = truly - server_clock.offset
    assert -1e-4 <= late <= round_trip * back + 1e-4


def test_a_shorter_round_trip_is_believed_and_a_longer_one_is_not() -> None:
    server_clock = ServerClock()
    server_clock.observe(EPOCH, received=100.0, round_trip=0.4)

    server_clock.observe(EPOCH + timedelta(seconds=1.05), received=101.0, round_trip=0.01)
    better = server_clock.offset
    server_clock.observe(EPOCH + timedelta(seconds=1.9), received=102.0, round_trip=0.4)

    assert near(offset_of(EPOCH + timedelta(seconds=1.05), 101.0)) == better
    assert 0 <= better - server_clock.offset < 0.001


def test_an_old_estimate_gives_way_as_quartz_drifts() -> None:
    server_clock = ServerClock()
    server_clock.observe(EPOCH, received=0.0, round_trip=0.01)

    server_clock.observe(EPOCH + timedelta(seconds=3600.1), received=3600.0, round_trip=0.1)

    assert near(offset_of(EPOCH + timedelta(seconds=3600.1), 3600.0)) == server_clock.offset


def test_a_server_whose_clock_was_set_is_followed() -> None:
    server_clock = ServerClock()
    server_clock.observe(EPOCH, received=100.0, round_trip=0.01)

    server_clock.observe(EPOCH + timedelta(seconds=61), received=101.0, round_trip=0.5)

    assert near(offset_of(EPOCH + timedelta(seconds=61), 101.0)) == server_clock.offset


def test_a_server_whose_clock_was_set_back_is_followed_once_the_way_was_measured() -> None:
    server_clock = ServerClock()
    server_clock.observe(EPOCH, received=100.0, round_trip=0.01)

    server_clock.observe(EPOCH - timedelta(seconds=59), received=101.0, round_trip=0.5)

    assert near(offset_of(EPOCH - timedelta(seconds=59), 101.0)) == server_clock.offset


def test_a_message_that_was_held_up_proves_nothing_and_one_from_further_on_does() -> None:
    """A network that stands still for ten seconds must not make the next session ten seconds longer."""
    server_clock = ServerClock()
    server_clock.observe(EPOCH, received=100.0, round_trip=0.01)
    before = server_clock.offset

    server_clock.observe(EPOCH + timedelta(seconds=1), received=111.0)
    assert 0 <= before - server_clock.offset < 0.01

    server_clock.observe(EPOCH + timedelta(seconds=72), received=112.0)
    assert near(offset_of(EPOCH + timedelta(seconds=72), 112.0)) == server_clock.offset


def test_without_a_server_time_the_first_message_fixes_the_pcs_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the PC's clock afterwards moves nothing."""
    server_clock = ServerClock()
    server_clock.anchor()
    before = server_clock.offset

    monkeypatch.setattr(clock, "wall", lambda: datetime.now(UTC) + timedelta(hours=5))
    server_clock.anchor()

    assert before == server_clock.offset


def test_an_offset_from_before_a_restart_goes_on_until_the_server_says_better() -> None:
    now = clock.monotonic()
    server_clock = ServerClock(offset_of(EPOCH, now))
    assert abs((server_clock.now() - EPOCH).total_seconds()) < 0.5

    server_clock.observe(EPOCH + timedelta(seconds=3), received=now, round_trip=0.01)

    assert near(offset_of(EPOCH + timedelta(seconds=3), now)) == server_clock.offset


def test_a_boot_has_one_name_and_its_clock_only_goes_forward() -> None:
    assert clock.boot_id() == clock.boot_id() != ""
    first = clock.monotonic()
    assert clock.monotonic() >= first
