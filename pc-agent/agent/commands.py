"""The desk's commands: each is carried out once, however often it comes and whatever is restarted in between.

There is no unlock among them: a station opens only because a recorded session runs on it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec.structs import replace

from agent import clock
from agent.enforcer import Enforcer
from agent.errors import ActionFailed, Unsupported
from agent.journal import Executed, Journal
from agent.protocol import AckError, Command
from agent.system_control import SystemControl
from agent.texts import LONGEST_MESSAGE

log = logging.getLogger(__name__)

RESTARTS = ("restart", "shutdown")
"""After these another boot of the PC shows that they were carried out."""

HARMLESS = ("lock", "message")
"""These wait for no slow disk, and are done again should the agent have been stopped meanwhile."""


class Commands:
    """`show` puts a title (None: that it comes from the desk) and a text before the player.

    It raises Unsupported where nobody can see them.
    """

    def __init__(
        self,
        *,
        enforcer: Enforcer,
        journal: Journal,
        control: SystemControl,
        show: Callable[[str | None, str], None],
        say: Callable[[str], None],
    ) -> None:
        self._enforcer = enforcer
        self._journal = journal
        self._show = show
        self._say = say
        self._boot_id = clock.boot_id()
        self._acts: dict[str, Callable[[], None]] = {
            "lock": control.lock_workstation,
            "log_off": control.logout_user,
            "restart": control.restart,
            "shutdown": control.shutdown,
        }

    def execute(self, command: Command) -> AckError | None:
        """Carry it out, unless that was done before. Answers what went wrong, None when it was done."""
        if command.id is None:
            return self._carry_out(command)
        known = self._journal.executed(command.id)
        if known is not None and (known.finished or known.command not in HARMLESS):
            return self._outcome(known)
        begun = Executed(id=command.id, command=command.command, boot_id=self._boot_id)
        self._keep(begun)  # before the act: a restart must not be found undone by the boot that it causes
        error = self._carry_out(command)
        self._keep(replace(begun, finished=True, error=error))
        return error

    def _keep(self, command: Executed) -> None:
        self._journal.remember(command)
        if command.command in HARMLESS:
            self._enforcer.save_soon()
        else:
            self._enforcer.save()

    def _outcome(self, known: Executed) -> AckError | None:
        if known.finished:
            return known.error
        if known.command in RESTARTS and known.boot_id != self._boot_id:
            return None
        text = f"The agent was stopped while it carried out {known.command!r}; whether it was done isn't known."
        return AckError(code="command.interrupted", message=text)

    def _carry_out(self, command: Command) -> AckError | None:
        error = self._try(command)
        if error:
            log.warning("Command %r of the desk was not carried out: %s", command.command, error.message)
            self._say(f"the desk: {command.command or 'no command'} refused: {error.message}")
        else:
            self._say(f"the desk: {command.command}")
        return error

    def _try(self, command: Command) -> AckError | None:
        try:
            if command.command == "message":
                return self._message(command.params or {})
            act = self._acts.get(command.command)
            if act is None:
                known = ", ".join(sorted([*self._acts, "message"]))
                text = f"This agent knows no command {command.command[:40]!r}. It knows {known}."
                return AckError(code="command.unknown", message=text)
            act()
        except Unsupported as error:
            return AckError(code="command.unsupported", message=str(error))
        except ActionFailed as error:
            return AckError(code="command.failed", message=str(error))
        self._enforcer.tick()  # what became of the desktop is reported at once
        return None

    def _message(self, params: dict[str, object]) -> AckError | None:
        text, title = params.get("text"), params.get("title")
        if not isinstance(text, str) or not text.strip():
            return AckError(code="command.invalid", message="A message needs `text`, and this one has none.")
        shown = title[:LONGEST_MESSAGE] if isinstance(title, str) and title.strip() else None
        self._show(shown, text[:LONGEST_MESSAGE])
        return None
