"""Who may touch what, where the import contracts of pyproject.toml don't reach."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "main.py", *sorted((ROOT / "agent").rglob("*.py"))]


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


WINDOWS = [
    "lettering",
    "link_reader",
    "lock_drawing",
    "lock_screen",
    "monitor_watch",
    "overlay_window",
    "sealed_tk",
]


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("ctypes", ["agent/backends/win32.py"]),
        ("tkinter", [*(f"agent/drawing/{name}.py" for name in WINDOWS), "agent/kiosk_overlay.py"]),
        ("bidi", ["agent/drawing/writing.py"]),
        ("arabic_reshaper", ["agent/drawing/writing.py"]),
        ("winsound", ["agent/drawing/sounds.py"]),
    ],
)
def test_it_is_imported_where_it_belongs_only(package: str, allowed: list[str]) -> None:
    assert allowed == [path.relative_to(ROOT).as_posix() for path in SOURCES if package in imported(path)]


def loaded_by(statement: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_the_overlays_process_loads_nothing_that_costs_memory() -> None:
    loaded = loaded_by("import agent.desktop_helper, agent.kiosk_overlay")

    costly = {"asyncio", "msgspec", "psutil", "yaml", "websockets", "ssl", "dataclasses", "subprocess", "tempfile"}
    assert not (costly | {"bidi", "arabic_reshaper", "wave"}) & loaded


def test_the_agent_loads_neither_tkinter_nor_another_systems_backend() -> None:
    loaded = loaded_by("import agent.agent; import agent.backends.simulated")

    assert (
        not {
            "tkinter",
            "pydantic",
            "agent.kiosk_overlay",
            "agent.drawing",
            "agent.backends.win32",
            "agent.backends.windows",
        }
        & loaded
    )


def test_no_file_outgrows_what_one_can_hold_in_mind() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in SOURCES}

    assert {} == {name: lines for name, lines in sizes.items() if lines > 400}
