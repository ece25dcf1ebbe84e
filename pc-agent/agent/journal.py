"""What must outlive a power cut: the state of the session and the events that no server has taken yet.

One file, replaced as a whole (temporary file, fsync, rename), so that state and events are never of two minds.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from agent import disk
from agent.disk_writer import DiskWriter
from agent.protocol import AckError, Event, HelloStation, Policy
from agent.session_state import State

FORMAT = 1
MAX_EVENTS = 10_000
ENDS = frozenset({"session_ended", "expired_enforced", "locked", "logged_out"})
"""What is never dropped, however long the server stays away."""

RANK_OF_ENDS = 2
TELEMETRY = frozenset({"warning_shown", "waiting_for_logon", "helper_restarted", "clock_jump", "unlocked"})


MAX_COMMANDS = 200
"""How many of the desk's commands are remembered; a server repeats only its latest."""


class Executed(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was begun, in which boot of the PC, and once it is `finished` what went wrong with it."""

    id: str
    command: str
    boot_id: str
    finished: bool = False
    error: AckError | None = None


class SavedAt(msgspec.Struct, frozen=True):
    """When the state was saved, on every clock: monotonic times of another boot are worth only their differences."""

    boot_id: str
    mono: float
    wall: datetime
    server: datetime


class _Body(msgspec.Struct):
    state: State | None = None
    saved_at: SavedAt | None = None
    policy: Policy = Policy()
    station: HelloStation = HelloStation()
    events: list[Event] = []
    commands: list[Executed] = []


class _File(msgspec.Struct):
    format: int
    crc32: int
    body: msgspec.Raw


def trouble(path: Path) -> str | None:
    """Why the journal in `path` can't be trusted or read, in words; None for a good one, or none. Changes nothing."""
    try:
        _read(path)
    except ValueError as error:
        return f"The journal {path} can't be trusted ({error})."
    except OSError as error:
        return f"The journal {path} can't be read ({error.strerror})."
    return None


def policy(path: Path) -> Policy:
    """What the venue has set, as far as the journal in `path` can be read. Changes nothing."""
    try:
        return _read(path).policy
    except (ValueError, OSError):
        return Policy()


def _read(path: Path) -> _Body:
    """Raises OSError for a file that can't be read, ValueError for one that can't be trusted."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _Body()
    try:
        file = msgspec.json.decode(content, type=_File)
        if file.format != FORMAT:
            raise ValueError(f"its format is {file.format}, this agent reads {FORMAT}")
        if zlib.crc32(bytes(file.body)) != file.crc32:
            raise ValueError("its checksum doesn't match")
        return msgspec.json.decode(bytes(file.body), type=_Body)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None


class Journal:
    """`state`, `saved_at` and `policy` are what was last written; `problem` says in words why a file was set aside."""

    def __init__(self, path: Path, writer: DiskWriter | None = None) -> None:
        """Read `path`; `writer` writes it, without one whoever saves.

        A file that can't be trusted is renamed beside it and the journal starts empty.

        So does one that can't even be read: an agent that has lost its memory locks, one that doesn't start can't. For
        the same reason a folder that can't be made is no error before `save`.
        """
        self.path, self._writer = path, writer
        self._refused: OSError | None = None
        self._added = self._safe = 0
        """How many events were added since the start, and how many of them the disk has."""
        self._under_way: deque[tuple[int, int]] = deque()
        """What was given to the writer, and how many events had been added by then."""
        self.problem: str | None = None
        with suppress(OSError):  # `save` says what is wrong with the folder
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._body = _Body()
        try:
            self._body = _read(path)
        except (ValueError, OSError):
            self.problem = f"{trouble(path)} {self._set_aside()}"

    @property
    def state(self) -> State | None:
        return self._body.state

    @property
    def saved_at(self) -> SavedAt | None:
        return self._body.saved_at

    @property
    def policy(self) -> Policy:
        return self._body.policy

    @property
    def station(self) -> HelloStation:
        """What the server said of this station last; `save` makes it last."""
        return self._body.station

    @station.setter
    def station(self, station: HelloStation) -> None:
        self._body.station = station

    def executed(self, command_id: str) -> Executed | None:
        """What became of a command that came before."""
        return next((known for known in self._body.commands if known.id == command_id), None)

    def remember(self, command: Executed) -> None:
        """Note a command in memory, in place of what was noted of it before; `save` makes it last."""
        others = [known for known in self._body.commands if known.id != command.id]
        self._body.commands = [*others, command][-MAX_COMMANDS:]

    def __len__(self) -> int:
        return len(self._body.events)

    def add(self, event: Event) -> None:
        """Keep an event in memory; `save` makes it last.

        Past MAX_EVENTS the oldest telemetry goes first, then the oldest other event; an end or a lock never.
        """
        self._body.events.append(event)
        self._added += 1
        if len(self._body.events) > MAX_EVENTS:
            ranks = [_rank(kept) for kept in self._body.events]
            least = min(ranks)
            if least < RANK_OF_ENDS:
                del self._body.events[ranks.index(least)]

    def pending(self, limit: int, skip: Collection[str] = ()) -> list[Event]:
        """The oldest undelivered events, at most `limit`, without those in `skip`."""
        found: list[Event] = []
        for event in self._kept():
            if len(found) >= limit:
                break
            if event.id not in skip:
                found.append(event)
        return found

    def delivered(self, event_id: str) -> None:
        """The server has it. Written with the next `save`: a repetition after a power cut carries the same id."""
        for index, event in enumerate(self._body.events):
            if event.id == event_id:
                del self._body.events[index]
                break

    def save(self, state: State, saved_at: SavedAt, policy: Policy, *, wait: bool = True) -> None:
        """Make state and events last. Raises OSError when the disk refuses; who doesn't `wait` asks `refused`."""
        self._body.state, self._body.saved_at, self._body.policy = state, saved_at, policy
        body = msgspec.json.encode(self._body)
        content = msgspec.json.encode(_File(FORMAT, zlib.crc32(body), msgspec.Raw(body)))
        if self._writer is None:
            self._write(content)
            return
        self._settle()
        number = self._writer.give(content)
        self._under_way.append((number, self._added))
        if wait:
            self._writer.wait(number)

    @property
    def refused(self) -> OSError | None:
        """What the disk said when it refused what came to it last; None if it took it."""
        return self._writer.refused if self._writer else self._refused

    def _write(self, content: bytes) -> None:
        self._refused = None
        try:
            disk.replace(self.path, content)
        except OSError as error:
            self._refused = error
            raise

    def _kept(self) -> list[Event]:
        """Those that a power cut leaves: what is under way to the disk isn't told before, unless the disk refuses."""
        self._settle()
        unsafe = self._added - self._safe if self._writer and not self._writer.refused else 0
        return self._body.events[:-unsafe] if unsafe else self._body.events

    def _settle(self) -> None:
        while self._writer and self._under_way and self._under_way[0][0] <= self._writer.done:
            self._safe = self._under_way.popleft()[1]

    def _set_aside(self) -> str:
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.corrupt-{number}")).exists():
            number += 1
        try:
            self.path.replace(aside)
        except OSError as error:
            return f"It can't be set aside either ({error.strerror})."
        return f"It was set aside as {aside.name}."


def _rank(event: Event) -> int:
    name = event.data.get("event")
    if name in ENDS:
        return RANK_OF_ENDS
    return 0 if name in TELEMETRY or event.type == "status_change" else 1
