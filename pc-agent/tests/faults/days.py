"""Days of a busy station on a fake clock: everything that can happen to its PC, its network and its clocks happens."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

from agent.protocol import Event, SessionEnd
from agent.session_state import Phase
from tests.truth import Sent, Truth, change, greeting
from tests.world import EPOCH, World

GRACE_SECONDS = 60.0
KINDS = ("start", "extend", "extend", "correct", "pause", "pause", "end")
RECENT = 6
"""How many messages back a repetition may come from."""

SLOWEST_SECONDS = 3.0
"""How long a message may be under way."""

ODDS_OF_LOSS, ODDS_OF_REPEAT = 0.15, 0.25
NEAR = 0.01


class Day:
    """One station. `play` lets time pass; `wrong` holds whatever didn't come as it must."""

    def __init__(self, here: World, seed: str) -> None:
        self.here = here
        self.truth = Truth()
        self.tried: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.connected = True
        self._chance = random.Random(seed)
        self._due: list[tuple[float, Sent]] = []
        self._arrived: list[Sent] = []
        self._awake_since = 0.0
        self._hidden: dict[str, float] = {}
        """By session the time that nobody could notice: the PC was off, and its clock was set back meanwhile."""
        self._connects_at = 0.0
        self._desk_at, self._fault_at = 1.0, 300.0
        here.greeted()

    def play(self, seconds: float) -> None:
        until = self.here.true + seconds
        while self.here.true < until:
            ends = [self.truth.ends] if self.truth.live and self.truth.left is None else []
            arrivals = [at for at, _ in self._due]
            connects = [] if self.connected else [self._connects_at]
            self._run_to(min([until, self._desk_at, self._fault_at, *ends, *arrivals, *connects]))
            self._server_ends()
            self._arrive()
            if not self.connected and self.here.true >= self._connects_at:
                self._connect()
            if self.here.true >= self._desk_at:
                self._decide()
            if self.here.true >= self._fault_at:
                self._fail()
            self._read_what_was_noted()

    def come_right(self) -> None:
        """Connect, tell everything, and let whatever still runs run out."""
        self._connect()
        self._deliver(everything=True)
        self._desk_at = self._fault_at = float("inf")
        if self.truth.live:
            self._send(SessionEnd(id=self.truth.id, reason="manual_stop", version=self.truth.version + 1))
            self.truth.live = False
        self.play(3600)
        self._connect()
        self._deliver(everything=True)

    def _run_to(self, moment: float) -> None:
        self.here.run(max(0.0, moment - self.here.true))

    # -- the desk and its messages -----------------------------------------------------------------------------------

    def _decide(self) -> None:
        truth, here, number = self.truth, self.here, self.truth.number
        self._send(change(truth, here.true, here.at, self._chance.choice(KINDS), self._chance.randint(1, 10)))
        self._desk_at = here.true + self._chance.uniform(1, 600)
        self.tried["sessions"] += truth.number != number

    def _server_ends(self) -> None:
        truth = self.truth
        if truth.live and truth.left is None and self.here.true >= truth.ends:
            truth.live, truth.version = False, truth.version + 1
            self._send(SessionEnd(id=truth.id, reason="expired", version=truth.version))

    def _send(self, message: Sent) -> None:
        """It takes up to three seconds, so another may overtake it; it may come twice, and with it an older one."""
        self.tried["messages"] += 1
        if not self.connected:
            return
        if self._chance.random() < ODDS_OF_LOSS:
            self.tried["losses"] += 1
            self._disconnect(self._chance.uniform(1, 60))
            return
        arriving = [message]
        if self._arrived and self._chance.random() < ODDS_OF_REPEAT:
            arriving += [message, self._chance.choice(self._arrived)]
            self.tried["repeats"] += 2
        self._due += [(self.here.true + self._chance.uniform(0, SLOWEST_SECONDS), one) for one in arriving]

    def _arrive(self) -> None:
        arrived = sorted((one for one in self._due if one[0] <= self.here.true), key=lambda one: one[0])
        self._due = [one for one in self._due if one[0] > self.here.true]
        for _, message in arrived:
            self.here.tell(message)
            self._arrived = [*self._arrived[1 - RECENT :], message]
        if self.connected:
            self._deliver()

    def _deliver(self, *, everything: bool = False) -> None:
        """The server takes up to 16 events, as many as one connection may leave unacknowledged."""
        while pending := self.here.enforcer.pending(16):
            for event in pending:
                self.here.enforcer.delivered(event.id)
            if not everything:
                return

    # -- what befalls the PC -----------------------------------------------------------------------------------------

    def _disconnect(self, seconds: float) -> None:
        self.connected = False
        self._due.clear()
        self._connects_at = self.here.true + seconds

    def _connect(self) -> None:
        """The greeting outweighs whatever was lost: after it the station is as the server has it."""
        self.connected = True
        self._due.clear()
        self.here.greeted()
        self.here.tell(greeting(self.truth, self.here.at))
        self.here.run(0.3)
        self.tried["connections"] += 1
        if not self._agrees():
            state = self.here.enforcer.state
            self.wrong.append(f"second {self.here.true:.1f}: {self.truth}, and here {state.phase}, {state.session}")

    def _agrees(self) -> bool:
        phase, session, truth = self.here.phase, self.here.enforcer.state.session, self.truth
        over = not truth.live or (truth.left is None and self.here.true >= truth.ends)
        if over or (truth.left is None and truth.ends - self.here.true < 1):
            return phase in (Phase.IDLE, Phase.GRACE) or session is None or session.id == truth.id
        if session is None or (session.id, session.version) != (truth.id, truth.version):
            return False
        if truth.left is not None:
            return phase is Phase.PAUSED and self.here.locked and abs((session.remaining or 0) - truth.left) < NEAR
        known = (session.ends_at - EPOCH).total_seconds()
        return phase is Phase.ACTIVE and not self.here.locked and abs(known - truth.ends) < NEAR

    def _fail(self) -> None:
        here, chance = self.here, self._chance
        kind = chance.choice(("network away", "reboots", "crashes", "sleeps", "clock jumps"))
        self.tried[kind] += 1
        if kind == "network away":
            self._disconnect(chance.choice((5, 300, 3600)) * chance.random())
        elif kind == "clock jumps":
            here.set_clock(chance.choice((-90_000, -3600, -600, 600, 3600, 90_000)))
        else:
            away = chance.uniform(1, 900)
            self._disconnect(away + chance.uniform(1, 40))
            self._awake_since = here.true + away
            if kind == "reboots":
                self._reboot(away)
            else:
                (here.crash if kind == "crashes" else here.sleep)(away)
        self._fault_at = here.true + chance.uniform(60, 1800)

    def _reboot(self, away: float) -> None:
        session = self.here.enforcer.state.session
        hidden = self.here.reboot(away, hardware_clock=self._chance.choice((0, 0, -3600, -90_000)))
        if session:
            self._hidden[session.id] = self._hidden.get(session.id, 0.0) + max(0.0, hidden)

    # -- what the agent did ------------------------------------------------------------------------------------------

    def _read_what_was_noted(self) -> None:
        for at, event in self.here.noted:
            if event.data.get("event") == "session_ended":
                self._judge(at, event)
            if event.type == "error":
                self.wrong.append(f"second {at:.1f}: {event.data}")
        self.here.noted.clear()
        self.here.steps.clear()

    def _judge(self, at: float, event: Event) -> None:
        """An end by deadline comes on the second that the agent knew, or as soon as the PC is awake.

        Or the server's word of it arrives, which may overtake the one that resumed the session.
        """
        status = event.data["status"]
        assert isinstance(status, dict)
        if status["reason"] != "expired":
            return
        self.tried["ends by deadline"] += 1
        deadline = (datetime.fromisoformat(status["ends_at"]) - EPOCH).total_seconds()
        awake = max(deadline, self._awake_since if self._awake_since <= at else 0.0)
        latest = awake + self._hidden.get(str(event.data["session_id"]), 0.0) + 1.0
        told_so = self.truth.id == event.data["session_id"] and 0 <= at - self.truth.ends <= SLOWEST_SECONDS + 1
        if not deadline - NEAR <= at <= latest + NEAR and not told_so:
            self.wrong.append(f"second {at:.1f}: {event.data['session_id']} was to end at {deadline:.1f}")


def idle(here: World) -> bool:
    """Nobody plays, and nothing is left to tell."""
    return (here.phase, here.locked, here.control.awake, len(here.journal)) == (Phase.IDLE, True, False, 0)
