"""What every SystemControl must do. A backend's tests inherit this, say how to make one, and what came of its acts.

What a backend can't do it must refuse in words (`Unsupported`): the contract then holds for the rest. What it can do is
proven by what is `seen` outside of it, not by its own word.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import Unsupported
from agent.protocol import SessionEnd, SessionStart
from agent.session_state import Phase, Settings
from agent.system_control import PlayerDesktop, SystemControl
from tests.agent.test_enforcer import Rig


@dataclass
class Seen:
    """What came of a backend's acts. `locks` are lock orders, for a system that tells nobody whether it is locked."""

    awake: bool
    locked: bool
    player: bool
    power: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)


def becomes(read: Callable[[], bool], wanted: bool, seconds: float = 5.0) -> None:
    """Fails unless it is so within some seconds: a system does some things a moment after it has answered."""
    deadline = time.monotonic() + seconds
    while read() is not wanted:
        assert time.monotonic() < deadline, f"it isn't {wanted}"
        time.sleep(0.01)


class SystemControlContract:
    can: frozenset[str] = frozenset()
    """The methods that this backend really has here; each of the others must refuse in words."""

    @pytest.fixture
    def control(self) -> SystemControl:
        raise NotImplementedError

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        """Asks the system that the backend works on, or what stands for it, what has become of it."""
        raise NotImplementedError

    def acts(self, control: SystemControl) -> dict[str, Callable[[], object]]:
        return {
            "lock_workstation": control.lock_workstation,
            "logout_user": control.logout_user,
            "restart": control.restart,
            "shutdown": control.shutdown,
            "prevent_sleep": lambda: control.prevent_sleep(True),
            "is_workstation_locked": control.is_workstation_locked,
            "get_current_user": control.get_current_user,
            "idle_seconds": control.idle_seconds,
            "is_user_active": control.is_user_active,
            "show_notification": lambda: control.show_notification("Time is up", "Save now."),
        }

    def test_it_has_a_name_and_says_what_it_can(self, control: SystemControl) -> None:
        assert control.name
        assert all(isinstance(capability, str) for capability in control.capabilities)
        assert ("idle_time" in control.capabilities) == ("idle_seconds" in self.can)
        assert all(len(remark.split()) >= 5 for remark in control.remarks())

    def test_it_does_what_it_can_and_refuses_the_rest_in_words(self, control: SystemControl) -> None:
        done, refused = set(), {}
        for name, act in self.acts(control).items():
            try:
                act()
                done.add(name)
            except Unsupported as error:
                refused[name] = str(error)

        assert self.can == done
        assert all(len(reason.split()) >= 5 for reason in refused.values())
        refused.pop("is_user_active", None)  # it follows from the idle time
        assert control.shortcomings() == refused

    def test_each_act_may_be_repeated(self, control: SystemControl) -> None:
        for name in sorted(self.can & {"lock_workstation", "logout_user"}):
            self.acts(control)[name]()
            self.acts(control)[name]()

    def test_a_lock_locks(self, control: SystemControl, seen: Callable[[], Seen]) -> None:
        if "lock_workstation" not in self.can:
            pytest.skip("it says that it can't")
        assert not seen().locked
        control.lock_workstation()

        assert (True, True) == (seen().locked, seen().player)

    def test_a_logout_ends_the_players_session(self, control: SystemControl, seen: Callable[[], Seen]) -> None:
        if "logout_user" not in self.can:
            pytest.skip("it says that it can't")
        assert seen().player
        control.logout_user()

        assert not seen().player

    def test_a_locked_workstation_says_that_it_is(self, control: SystemControl) -> None:
        if not {"lock_workstation", "is_workstation_locked"} <= self.can:
            with pytest.raises(Unsupported):  # then nobody is told that it is locked
                control.is_workstation_locked()
            return
        assert control.is_workstation_locked() is False
        control.lock_workstation()

        assert control.is_workstation_locked() is True

    def test_with_the_player_gone_nobody_is_there_and_nobody_can_play(self, control: SystemControl) -> None:
        if not {"logout_user", "is_workstation_locked", "get_current_user"} <= self.can:
            pytest.skip("it says that it can't do one of these")
        assert control.get_current_user()
        control.logout_user()

        assert (True, None) == (control.is_workstation_locked(), control.get_current_user())

    def test_restart_and_shutdown_are_what_they_say(self, control: SystemControl, seen: Callable[[], Seen]) -> None:
        orders = [name for name in ("restart", "shutdown") if name in self.can]
        for name in orders:
            self.acts(control)[name]()

        assert orders == seen().power

    def test_a_notification_reaches_the_player(self, control: SystemControl, seen: Callable[[], Seen]) -> None:
        if "show_notification" not in self.can:
            pytest.skip("it says that it can't")
        control.show_notification("Süre bitti", "Kaydet <b>&amp;")

        assert ("Süre bitti", "Kaydet <b>&amp;") == seen().notices[-1]

    def test_sleep_is_prevented_and_allowed_again(self, control: SystemControl, seen: Callable[[], Seen]) -> None:
        if "prevent_sleep" not in self.can:
            with pytest.raises(Unsupported):
                control.prevent_sleep(False)
            return
        assert not seen().awake
        for enabled in (True, True, False, False, True):
            control.prevent_sleep(enabled)
            becomes(lambda: seen().awake, enabled)

    def test_the_pc_is_awake_while_a_session_is_live_and_not_after(
        self, control: SystemControl, seen: Callable[[], Seen], tmp_path: Path
    ) -> None:
        """Through the agent's own core: from the session's arrival to the end that staff give it, twice."""
        if "prevent_sleep" not in self.can:
            pytest.skip("it says that it can't")
        rig = Rig(tmp_path, control, Settings(grace_seconds=0))
        rig.enforcer.start()
        assert not seen().awake
        for id_ in ("s1", "s2"):
            ends_at = rig.server_clock.now() + timedelta(hours=1)
            rig.enforcer.apply(SessionStart(id=id_, user_name="Marta", scheduled_end_at=ends_at, version=1))
            rig.enforcer.tick()
            becomes(lambda: rig.enforcer.state.phase in (Phase.OPENING, Phase.ACTIVE), True)
            becomes(lambda: seen().awake, True)
            rig.enforcer.apply(SessionEnd(id=id_, reason="manual_stop", version=2))
            becomes(lambda: rig.enforcer.state.phase is Phase.IDLE, True)
            becomes(lambda: seen().awake, False)

    def test_idle_time_is_a_number_of_seconds_that_tells_who_is_active(self, control: SystemControl) -> None:
        if "idle_seconds" not in self.can:
            with pytest.raises(Unsupported):
                control.is_user_active()
            return
        idle = control.idle_seconds()

        assert idle >= 0
        assert control.is_user_active(idle + 60)
        assert not control.is_user_active(0)

    def test_a_logon_may_be_allowed_and_forbidden_anywhere(self, control: SystemControl) -> None:
        control.allow_logon(True)
        control.allow_logon(False)

    def test_it_says_where_the_overlay_is_to_be_started(
        self, control: SystemControl, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In the player's desktop; nowhere while there is none; or never, in words."""
        monkeypatch.delenv("DISPLAY", raising=False)
        try:
            answer: object = control.player_desktop()
        except Unsupported as error:
            answer = error

        assert answer is None or isinstance(answer, PlayerDesktop) or len(str(answer).split()) >= 5
