"""What the session manager knows, is told and answers: state, inputs and effects, as plain immutable data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from agent.overlay_link import LOCK_MODES, WORKSTATION
from agent.protocol import Policy, SessionEnd, SessionExtended, SessionPaused, SessionResumed, SessionStart


class Phase(StrEnum):
    IDLE = "idle"
    OPENING = "opening"
    """A session is here, the player's desktop isn't open (yet)."""
    ACTIVE = "active"
    PAUSED = "paused"
    """The session stands still behind a locked desktop, and nobody is logged out."""
    GRACE = "grace"
    """The time is over; the countdown to lock and logout runs."""
    ENFORCING = "enforcing"
    """Lock and logout are decided and not done yet: a restart in between does them again."""


class Moment(msgspec.Struct, frozen=True):
    """One instant on both clocks: `mono` (seconds; deadlines are held on it) and the server's time as estimated."""

    mono: float
    server: datetime


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    warning_seconds: float = 300
    grace_seconds: float = 60
    auto_lock: bool = True
    auto_logout: bool = True
    lock_mode: str = WORKSTATION
    """One of LOCK_MODES."""
    never_opened_seconds: float = 600
    """A session that was never opened isn't over before this: confirming it shifts its end, or the server ends it."""

    def under(self, policy: Policy) -> Settings:
        """These settings with what the venue has set put over them. A lock mode that nobody knows sets nothing."""
        given = {name: getattr(policy, name) for name in self.__struct_fields__}
        known = given["lock_mode"] in LOCK_MODES
        given["lock_mode"] = given["lock_mode"] if known else None
        return msgspec.structs.replace(self, **{name: value for name, value in given.items() if value is not None})


class GameSession(msgspec.Struct, frozen=True, kw_only=True):
    """`deadline` holds on the monotonic clock and stays within 1 s of `anchor`, where the version's arrival put it.

    While the session is paused `remaining` counts instead.
    """

    id: str
    version: int | None
    user_name: str | None
    started_at: datetime | None
    ends_at: datetime
    deadline: float
    anchor: float
    received: float
    opened_at: float | None = None
    """Since when the player's desktop is open, on the monotonic clock; None before that, and after a pause or an end:
    the next opening is reported again.
    """
    confirmed: bool = False
    """It was open once, so its end is no longer provisional."""
    remaining: float | None = None
    """The seconds that are left while it is paused; None while its time runs."""


class Enforcement(msgspec.Struct, frozen=True, kw_only=True):
    lock: bool
    logout: bool
    expired: bool


class LastEnd(msgspec.Struct, frozen=True):
    """When the station was last closed, on the monotonic clock, and whether because the time was over."""

    at: float
    expired: bool


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """What the system refused, and when to ask it again on the monotonic clock."""

    at: float
    lock: bool
    logout: bool


class State(msgspec.Struct, frozen=True, kw_only=True):
    phase: Phase = Phase.IDLE
    session: GameSession | None = None
    settings: Settings = Settings()
    warned: frozenset[float] = frozenset()
    waiting_told: bool = False
    grace_until: float | None = None
    enforcement: Enforcement | None = None
    ended: tuple[GameSession, ...] = ()
    """The sessions that ended here last, newest last: late messages are recognised, an extension may reopen one."""
    last_end: LastEnd | None = None
    desktop_locked: bool | None = None
    retry: Retry | None = None
    in_maintenance: bool = False
    """As the server said last: staff may be at work on an open desktop that only the system's own lock can close."""


# What the manager is told, besides the server's own messages.
class Startup(msgspec.Struct, frozen=True):
    """The agent has just started, with what its journal holds."""


class Tick(msgspec.Struct, frozen=True):
    """Nothing happened but time."""


class NoSession(msgspec.Struct, frozen=True):
    """The server says that no session runs here."""


class NewSettings(msgspec.Struct, frozen=True):
    settings: Settings


class Service(msgspec.Struct, frozen=True):
    """The server says whether the station is in maintenance."""

    in_maintenance: bool


class Desktop(msgspec.Struct, frozen=True):
    """Whether the player's desktop is locked; None where the backend can't tell, which counts as open."""

    locked: bool | None


class Enforced(msgspec.Struct, frozen=True):
    """Lock and logout were carried out as far as possible."""

    locked: bool | None = None
    lock_failed: bool = False
    logout_failed: bool = False


SessionMessage = SessionStart | SessionExtended | SessionPaused | SessionResumed | SessionEnd
Input = Startup | Tick | NoSession | NewSettings | Service | Desktop | Enforced | SessionMessage


# What the manager wants done, in this order.
class AllowLogon(msgspec.Struct, frozen=True):
    allowed: bool


class PreventSleep(msgspec.Struct, frozen=True):
    enabled: bool


class Lock(msgspec.Struct, frozen=True):
    session_id: str | None = None
    version: int | None = None
    report: bool = True
    again: bool = False
    """A try after one that failed: it is reported only when it works."""


class Logout(msgspec.Struct, frozen=True):
    session_id: str | None = None
    version: int | None = None
    again: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A `session_event` for the server, with `at` in server time."""

    event: str
    at: datetime
    session_id: str | None = None
    version: int | None = None
    success: bool = True
    status: dict[str, object] = {}


class Notify(msgspec.Struct, frozen=True):
    """A word to the player: WARNING or LAST with the minutes left, or TIME_UP and what follows."""

    alert: str
    minutes: int = 0
    logout: bool = False
    lock: bool = False


class AskSync(msgspec.Struct, frozen=True):
    """The server speaks of a session that isn't known here: ask it for the whole desired state."""


class Problem(msgspec.Struct, frozen=True):
    """An `error` for the server."""

    code: str
    message: str
    session_id: str | None = None


Effect = AllowLogon | PreventSleep | Lock | Logout | Report | Notify | AskSync | Problem
Step = tuple[State, list[Effect]]
