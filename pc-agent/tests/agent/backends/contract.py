"""What every SystemControl must do. A backend's tests inherit this and say how to make one.

What a backend can't do it must refuse in words (`Unsupported`): the contract then holds for the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.errors import Unsupported
from agent.system_control import SystemControl


class SystemControlContract:
    can: frozenset[str] = frozenset()
    """The methods that this backend really has here; each of the others must refuse in words."""

    @pytest.fixture
    def control(self) -> SystemControl:
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

    def test_sleep_is_prevented_and_allowed_again(self, control: SystemControl) -> None:
        if "prevent_sleep" not in self.can:
            with pytest.raises(Unsupported):
                control.prevent_sleep(False)
            return
        control.prevent_sleep(True)
        control.prevent_sleep(False)

    def test_a_locked_workstation_says_that_it_is(self, control: SystemControl) -> None:
        if not {"lock_workstation", "is_workstation_locked"} <= self.can:
            with pytest.raises(Unsupported):  # then nobody is told that it is locked
                control.is_workstation_locked()
            return
        control.lock_workstation()

        assert control.is_workstation_locked() is True

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
