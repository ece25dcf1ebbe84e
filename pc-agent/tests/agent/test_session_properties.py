"""What holds in every order of messages, losses, repetitions and clock errors, tried at random."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.session_rules import restored
from agent.session_state import NoSession, Phase, Report, Settings, Startup, Tick
from tests.station import Station
from tests.truth import Sent, Truth, change, greeting

GRACE = 60.0


KINDS = st.sampled_from(["start", "extend", "correct", "pause", "pause", "end"])
MOVES = st.lists(st.tuples(KINDS, st.integers(1, 30), st.integers(0, 900)), min_size=1, max_size=8)


@given(moves=MOVES, repeats=st.lists(st.integers(0, 20), max_size=6), logon_delay=st.sampled_from([0.0, 1.0, 1.9]))
def test_ends_are_never_early_and_never_a_second_late(
    moves: list[tuple[str, int, int]], repeats: list[int], logon_delay: float
) -> None:
    """Messages in order, with old ones repeated at any time: each end by deadline comes on its second, and enforced."""
    station, truth = Station(Settings(grace_seconds=GRACE), logon_delay=logon_delay), Truth()
    sent: list[Sent] = []
    ends: dict[str, float] = {}
    for kind, minutes, pause in moves:
        sent.append(change(truth, station.mono - 1000.0, station.at, kind, minutes))
        station.tell(sent[-1])
        ends[truth.id] = truth.ends
        station.run_until(station.mono - 1000.0 + pause)
        for index in repeats:
            station.tell(sent[index % len(sent)])
    station.run_until(station.mono - 1000.0 + 3 * 3600)

    if truth.live and truth.left is not None:
        assert (Phase.PAUSED, True, True, truth.left) == (station.phase, station.locked, station.awake, station.left)
    else:
        assert (Phase.IDLE, True, False) == (station.phase, station.locked, station.awake)
    for at, report in station.done:
        if isinstance(report, Report) and report.event == "session_ended" and report.status["reason"] == "expired":
            assert report.session_id is not None
            late = at - 1000.0 - ends[report.session_id]
            assert -0.001 <= late <= 1.0
    enforced = {
        report.session_id: at
        for at, report in station.done
        if isinstance(report, Report) and report.event == "expired_enforced"
    }
    for id_, at in enforced.items():
        assert id_ is not None
        assert at - 1000.0 - ends[id_] <= GRACE + 1.0


@given(moves=MOVES, order=st.randoms(use_true_random=False), losses=st.sets(st.integers(0, 7), max_size=4))
def test_any_order_and_any_loss_ends_in_what_the_last_greeting_says(
    moves: list[tuple[str, int, int]], order: object, losses: set[int]
) -> None:
    """Late, shuffled and lost messages can't outweigh the state that the server greets with."""
    import random

    assert isinstance(order, random.Random)
    station, truth = Station(Settings(grace_seconds=GRACE)), Truth()
    sent = [change(truth, station.mono - 1000.0, station.at, kind, minutes) for kind, minutes, _ in moves]
    arriving = [message for index, message in enumerate(sent) if index not in losses]
    order.shuffle(arriving)
    arriving = [m for m in arriving if getattr(m, "id", truth.id) == truth.id]
    for message in arriving:
        station.tell(message)

    station.tell(greeting(truth, station.at))
    for message in arriving:
        station.tell(message)

    if truth.live and truth.left is not None:
        assert (Phase.PAUSED, True, truth.left) == (station.phase, station.locked, station.left)
    elif truth.live:
        assert Phase.ACTIVE is station.phase
        assert abs(station.left - truth.ends) < 0.001
    else:
        assert station.phase in (Phase.IDLE, Phase.ACTIVE, Phase.PAUSED)
        station.tell(NoSession())
        assert Phase.IDLE is station.phase
        assert station.locked


@given(
    length=st.integers(61, 3600),
    extensions=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 60)), max_size=4),
)
def test_each_warning_comes_once_between_two_changes(length: int, extensions: list[tuple[int, int]]) -> None:
    station = Station(Settings(grace_seconds=GRACE))
    station.start(ends=length)
    version, ends = 1, float(length)
    for at, minutes in sorted(extensions):
        station.run_until(max(at, station.mono - 1000.0))
        if station.phase is Phase.IDLE:
            break
        version, ends = version + 1, ends + minutes * 60
        station.extend(ends=ends, version=version)
    station.run_until(ends + 120)

    seen: list[object] = []
    for report in (effect for _, effect in station.done if isinstance(effect, Report)):
        if report.event in ("session_started", "session_extended"):
            seen = []
        if report.event == "warning_shown":
            assert report.status["warning_seconds"] not in seen
            seen.append(report.status["warning_seconds"])
            remaining = report.status["remaining_seconds"]
            assert isinstance(remaining, int)
            assert remaining <= int(str(report.status["warning_seconds"]))


@given(
    length=st.integers(120, 3600),
    skews=st.lists(st.tuples(st.integers(1, 600), st.floats(-7200, 7200)), min_size=1, max_size=6),
)
def test_a_lying_server_clock_moves_the_end_by_a_second_at_most(length: int, skews: list[tuple[int, float]]) -> None:
    """Without a higher version, time left never grows by itself beyond that second."""
    station = Station(Settings(grace_seconds=GRACE))
    station.start(ends=length)
    for pause, skew in skews:
        before = station.left
        station.server_skew = skew
        station.tell(Tick())
        assert station.left <= before + 2.0  # from one edge of the allowed second to the other
        station.run_until(station.mono - 1000.0 + pause)
    station.run_until(length + 70.0)

    (ended,) = [at for at, name in station.happened() if name == "session_ended"]
    assert length - 1.1 <= ended <= length + 1.1


@given(
    length=st.integers(30, 3600),
    crash=st.integers(0, 4000),
    away=st.integers(0, 4000),
    other_boot=st.booleans(),
    wall_error=st.integers(-100_000, 0),
)
def test_a_restart_gives_no_time_and_ends_on_time(
    length: int, crash: int, away: int, other_boot: bool, wall_error: int
) -> None:
    """The agent dies at any moment and comes back, in the same boot or in another with the PC's clock set back."""
    station = Station(Settings(grace_seconds=GRACE))
    station.start(ends=length)
    station.run_until(crash)
    left, phase, saved_at = station.left, station.phase, station.mono

    station.mono = 5.0 if other_boot else saved_at + away
    elapsed = max(0, away + wall_error) if other_boot else away
    station.state = restored(station.state, station.state.settings, shift=station.mono - saved_at - elapsed)
    station.server_skew = (saved_at + elapsed) - station.mono
    station.tell(Startup())
    station.locked = other_boot or station.locked
    station.run_until(station.mono - 1000.0 + 0.1)

    if phase is Phase.ACTIVE and left > elapsed + 1:
        assert station.phase in (Phase.ACTIVE, Phase.OPENING)
        assert station.left <= left - elapsed
        assert station.left >= left - elapsed - 1.0
    elif phase is not Phase.IDLE and left + GRACE < elapsed:
        assert Phase.IDLE is station.phase
        assert station.locked
    station.run_until(station.mono - 1000.0 + 4000)
    assert (Phase.IDLE, True) == (station.phase, station.locked)
    assert 1 == len(station.reports("session_ended"))
