"""What the Linux backend can do today, and that it says so about the rest."""

from __future__ import annotations

import pytest

from agent.backends.linux import LinuxControl
from agent.system_control import SystemControl
from tests.agent.backends.contract import SystemControlContract


class TestContract(SystemControlContract):
    can = frozenset({"get_current_user"})

    @pytest.fixture
    def control(self) -> SystemControl:
        return LinuxControl()
