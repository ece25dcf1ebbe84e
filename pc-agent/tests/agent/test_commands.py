"""The desk's commands: carried out once each, with an honest answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent import clock
from agent.backends.linux import LinuxControl
from agent.backends.simulated import SimulatedControl
from agent.commands import Commands
from agent.errors import ActionFailed, Unsupported
from agent.journal import MAX_COMMANDS, Executed, Journal
from agent.protocol import AckError, Command
from agent.system_control import SystemControl
from tests.agent.test_enforcer import Rig


class Desk:
    """A station with its commands. `seen` are the messages that a player could read."""

    def __init__(self, folder: Path, control: SystemControl | None = None) -> None:
        self.control = control or SimulatedControl(logon_delay=0)
        self.rig = Rig(folder, self.control)
        self.lines: list[str] = []
        self.seen: list[tuple[str | None, str]] = []
        self.commands = Commands(
            enforcer=self.rig.enforcer,
            journal=self.rig.journal,
            control=self.control,
            show=lambda title, text: self.seen.append((title, text)),
            say=self.lines.append,
        )

    def tell(self, name: str, id_: str | None = "c1", /, **params: object) -> AckError | None:
        return self.commands.execute(Command(id=id_, command=name, params=params))


def code(error: AckError | None) -> str | None:
    return error.code if error else None


def simulated(desk: Desk) -> SimulatedControl:
    assert isinstance(desk.control, SimulatedControl)
    return desk.control


@pytest.mark.parametrize(
    ("name", "locked", "user", "power"),
    [
        ("lock", True, "player", []),
        ("log_off", True, None, []),
        ("restart", False, "player", ["restart"]),
        ("shutdown", True, None, ["shutdown"]),
    ],
)
def test_each_command_does_what_it_says(
    tmp_path: Path, name: str, locked: bool, user: str | None, power: list[str]
) -> None:
    """In a session: the PC that was restarted lets its player in again."""
    desk = Desk(tmp_path)
    desk.rig.start()

    assert desk.tell(name) is None
    control = simulated(desk)
    assert (locked, user, power) == (control.is_workstation_locked(), control.get_current_user(), control.power)
    assert [f"the desk: {name}"] == desk.lines


def test_a_lock_by_the_desk_is_reported_and_the_session_goes_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.rig.start()
    desk.tell("lock")

    assert ("locked", True) == desk.rig.kept()[-1]
    assert "active" == desk.rig.enforcer.state.phase


def test_a_message_is_shown_with_its_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    assert desk.tell("message", text="Şimdi öde") is None
    assert desk.tell("message", "c2", text="x" * 9000, title="Kitchen") is None
    assert [(None, "Şimdi öde"), ("Kitchen", "x" * 500)] == desk.seen


@pytest.mark.parametrize("params", [{}, {"text": " "}, {"text": 7}])
def test_a_message_without_a_text_is_refused(tmp_path: Path, params: dict[str, object]) -> None:
    desk = Desk(tmp_path)

    assert "command.invalid" == code(desk.tell("message", **params))
    assert [] == desk.seen


@pytest.mark.parametrize("name", ["unlock", "", "LOCK", "format"])
def test_an_unknown_command_is_refused_and_there_is_no_unlock(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path)
    error = desk.tell(name)

    assert error is not None
    assert "command.unknown" == error.code
    assert f"knows no command {name!r}" in (error.message or "")
    assert desk.control.is_workstation_locked()


def test_a_repeated_command_is_answered_as_the_first_and_not_done_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    answers = [desk.tell("restart"), desk.tell("restart"), desk.tell("restart", "c2")]

    assert [None, None, None] == answers
    assert ["restart", "restart"] == simulated(desk).power


def test_a_command_without_an_id_is_done_each_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.tell("restart", None)
    desk.tell("restart", None)

    assert ["restart", "restart"] == simulated(desk).power


@pytest.mark.parametrize("name", ["lock", "log_off", "restart", "shutdown"])
def test_what_a_backend_cannot_do_is_refused_in_its_words_the_second_time_too(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path, LinuxControl())
    first, second = desk.tell(name), desk.tell(name)

    assert "command.unsupported" == code(first)
    assert "the system's D-Bus can't be reached" in str(first and first.message)
    assert first == second
    assert desk.lines[0].startswith(f"the desk: {name} refused: This agent can't")


def test_what_the_system_refuses_is_answered(tmp_path: Path) -> None:
    class Stubborn(SimulatedControl):
        def shutdown(self) -> None:
            raise ActionFailed("The system refused (error 5).")

    error = Desk(tmp_path, Stubborn()).tell("shutdown")

    assert AckError(code="command.failed", message="The system refused (error 5).") == error


def test_a_message_that_nobody_can_see_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def nobody(title: str | None, text: str) -> None:
        raise Unsupported("Nobody can see a message here now.")

    desk.commands._show = nobody

    assert "command.unsupported" == code(desk.tell("message", text="Hello"))


# Over a restart.
def dying(act: str) -> type[SimulatedControl]:
    """A PC that loses its power while it does `act`."""

    def die(_self: SimulatedControl) -> None:
        raise KeyboardInterrupt

    return type("Dying", (SimulatedControl,), {act: die})


@pytest.mark.parametrize("name", ["restart", "shutdown"])
def test_a_command_that_restarted_the_pc_is_done_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    desk = Desk(tmp_path, dying(name)())
    with pytest.raises(KeyboardInterrupt):
        desk.tell(name)
    monkeypatch.setattr(clock, "boot_id", lambda: "the next boot")
    after = Desk(tmp_path)

    assert after.tell(name) is None
    assert [] == simulated(after).power


@pytest.mark.parametrize(("name", "act", "reboots"), [("log_off", "logout_user", True), ("restart", "restart", False)])
def test_a_command_that_was_cut_short_is_not_repeated_and_not_called_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, act: str, reboots: bool
) -> None:
    desk = Desk(tmp_path, dying(act)())
    with pytest.raises(KeyboardInterrupt):
        desk.tell(name)
    if reboots:
        monkeypatch.setattr(clock, "boot_id", lambda: "the next boot")
    after = Desk(tmp_path)

    assert "command.interrupted" == code(after.tell(name))


def test_a_lock_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    """A second one does no harm, so that it needn't wait for a slow disk."""
    desk = Desk(tmp_path, dying("lock_workstation")())
    with pytest.raises(KeyboardInterrupt):
        desk.tell("lock")
    after = Desk(tmp_path)

    assert after.tell("lock") is None
    assert after.tell("lock") is None
    assert [] == simulated(after).power


def test_what_was_done_is_remembered_over_a_restart_of_the_agent(tmp_path: Path) -> None:
    Desk(tmp_path).tell("restart")
    again = Desk(tmp_path)

    assert again.tell("restart") is None
    assert [] == simulated(again).power


def test_the_journal_remembers_the_latest_commands(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.json")
    for number in range(MAX_COMMANDS + 1):
        journal.remember(Executed(id=f"c{number}", command="lock", boot_id="b"))
    journal.remember(Executed(id="c7", command="lock", boot_id="b", finished=True))

    known: Callable[[str], Executed | None] = journal.executed
    assert known("c0") is None
    assert known("c1") is not None
    found = known("c7")
    assert found is not None
    assert found.finished
