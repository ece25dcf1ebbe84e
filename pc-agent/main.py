"""The GameOps agent's command line. `python main.py` runs the agent with the config.yaml beside this file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

HERE = Path(__file__).resolve().parent

FAILED_START_SECONDS = 1.0

HELPER_COMMAND = [sys.executable, "-E", "-s", str(HERE / "main.py"), "desktop-helper"]
"""Python's two options let no variable and no package of the player's own put code into the process that draws."""


def main(arguments: list[str]) -> int:
    """Exit code 0 when done, 1 when the server says no or the doctor finds fault, 2 for wrong arguments or config."""
    if arguments[:1] == ["desktop-helper"]:  # loads nothing of the agent: this process has little memory to spend
        from agent.desktop_helper import main as helper

        return helper()
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    import argparse

    from agent.backends import NAMES, default_name

    parser = argparse.ArgumentParser(prog="main.py", description="The GameOps agent of one gaming station.")
    commands = parser.add_subparsers(dest="command", metavar="run | enrol | doctor")
    run = commands.add_parser("run", help="run the agent (what happens without a command, too)")
    run.add_argument("--record", type=Path, help="append each act on the PC to this file, a JSON line each")
    enrol = commands.add_parser("enrol", help="make this PC a station, with a code from the desk")
    enrol.add_argument("--server", required=True, help="its address, such as http://192.168.1.10:8000 or https://HOST")
    enrol.add_argument("--code", required=True, help="the code that the desk was shown, such as 7KQ2-M9XA")
    enrol.add_argument("--ca", type=Path, help="with https and a CA of the venue's own: its certificate, a PEM file")
    enrol.add_argument("--config", type=Path, default=HERE / "config.yaml", help="default: config.yaml beside main.py")
    enrol.add_argument("--force", action="store_true", help="replace the config of a PC that is enrolled already")
    doctor = commands.add_parser("doctor", help="say in words what is wrong with this station")
    for command in (run, doctor):
        command.add_argument(
            "--config", type=Path, default=HERE / "config.yaml", help="default: config.yaml beside main.py"
        )
        command.add_argument(
            "--backend", choices=NAMES, default=default_name(), help="default: this operating system's"
        )
        command.add_argument(
            "--state-dir", type=Path, help="where journal and agent.log lie; default: beside the config file"
        )
    options = parser.parse_args(arguments or ["run"])
    if options.command is None:
        parser.print_help()
        return 2
    if options.command == "enrol":
        return _enrol(options)
    if options.command == "doctor":
        return _doctor(options.config.absolute(), options.backend, options.state_dir)
    return _run_agent(options.config, options.backend, options.record, options.state_dir)


def _run_agent(config_path: Path, backend: str, record: Path | None, state_dir: Path | None) -> int:
    import asyncio

    from agent import config
    from agent.agent import Agent
    from agent.errors import AgentError

    config_path = config_path.absolute()
    try:
        settings = config.load(config_path)
        trouble = _log_to((state_dir or config_path.parent) / "agent.log")

        async def run() -> None:
            await Agent(
                settings,
                backend=backend,
                state_dir=state_dir or config_path.parent / "state",
                record=record,
                helper_command=HELPER_COMMAND,
                ca=config.ca_file(settings, config_path),
                say=_say,
                log_trouble=trouble,
            ).run()

        asyncio.run(run())
    except AgentError as error:
        return _cannot_start(str(error))
    except OSError as error:
        return _cannot_start(f"The agent can't start: {error}")
    return 0


def _cannot_start(why: str) -> int:
    """systemd starts an agent again at once; one with a mistake in its config is to cost the PC next to nothing."""
    import time

    sys.stderr.write(f"{why}\n")
    sys.stderr.flush()
    if "INVOCATION_ID" in os.environ:  # https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
        time.sleep(FAILED_START_SECONDS)
    return 2


def _enrol(options: argparse.Namespace) -> int:
    from agent.enrol import enrol
    from agent.errors import AgentError, ConfigError

    try:
        path, ca = options.config.absolute(), options.ca
        lines = enrol(path, server=options.server, code=options.code, ca=ca, force=options.force)
    except AgentError as error:
        sys.stderr.write(f"Not enrolled: {error}\n")
        return 2 if isinstance(error, ConfigError) else 1
    except OSError as error:
        sys.stderr.write(f"Not enrolled: {error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _doctor(config_path: Path, backend: str, state_dir: Path | None) -> int:
    from agent.doctor import Doctor, Level

    doctor = Doctor(
        config_path,
        backend=backend,
        state_dir=state_dir or config_path.parent / "state",
        log=(state_dir or config_path.parent) / "agent.log",
        helper=HELPER_COMMAND,
    )
    wrong = 0
    for finding in doctor.findings():
        wrong += finding.level is Level.WRONG
        _say(str(finding))
    return 1 if wrong else 0


def _log_to(path: Path) -> str | None:
    """Log into this file, or, where a disk refuses it, onto stderr: an agent that doesn't start can't lock its PC.

    Answers what is wrong, in words.
    """
    import logging
    from logging.handlers import RotatingFileHandler

    handler: logging.Handler
    trouble = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        trouble = f"The log {path} can't be written ({error}). Free the disk or mend its rights; restart the agent."
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("websockets").setLevel(logging.WARNING)  # at DEBUG it would log the token's header
    return trouble


def _say(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - whoever read our lines is gone; the agent goes on


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
