"""The script that gives a Linux station's player a fresh home, run on an account that is made for the test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.player import Player, player

SCRIPT = Path(__file__).parents[2] / "deploy" / "lightdm" / "fresh-home"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make accounts and empty their homes")


def run(account: str, skeleton: Path, user: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "USER": account if user is None else user}
    command = [str(SCRIPT), account, str(skeleton)]
    # Long, since it looks through the whole of this machine's /tmp.
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    autostart = tmp_path / "skeleton" / ".config" / "openbox" / "autostart"
    autostart.parent.mkdir(parents=True)
    autostart.write_text("xss-lock -- i3lock --nofork &\n")
    return tmp_path / "skeleton"


def plant(somebody: Player, outside: Path) -> list[Path]:
    """What would meet the next player, a link to what isn't the player's, and a program that lives on."""
    shell = 'echo "export DISPLAY=:99" > "$1/.xsessionrc"; mkdir -p "$1/.config/autostart"; ln -s "$2" "$1/link"; '
    shell += 'echo > "/tmp/$(basename "$1")-left"; setsid sleep 600 > /dev/null 2>&1 < /dev/null & echo $!'
    done = somebody.run("/bin/sh", "-c", shell, "sh", str(somebody.home), str(outside))
    assert 0 == done.returncode
    return [somebody.home / ".xsessionrc", somebody.home / "link", Path("/tmp", f"{somebody.home.name}-left")]


def test_nothing_of_one_player_meets_the_next(tmp_path: Path, skeleton: Path) -> None:
    outside = tmp_path / "of-root"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    with player() as somebody:
        planted = plant(somebody, outside)
        assert all(path.is_symlink() or path.exists() for path in planted)
        assert (
            0
            == subprocess.run(
                ["pgrep", "-U", str(somebody.uid), "--runstates", "DRST"], capture_output=True, check=False
            ).returncode
        )
        done = run(somebody.name, skeleton)
        assert (0, "") == (done.returncode, done.stderr)

        assert (
            1
            == subprocess.run(
                ["pgrep", "-U", str(somebody.uid), "--runstates", "DRST"], capture_output=True, check=False
            ).returncode
        )
        assert not any(path.is_symlink() or path.exists() for path in planted)
        assert [".config"] == [path.name for path in somebody.home.iterdir()]
        assert somebody.uid == (somebody.home / ".config" / "openbox" / "autostart").stat().st_uid
        assert "kept" == (outside / "kept").read_text()


def test_other_accounts_are_left_alone_and_a_missing_skeleton_keeps_the_session_from_beginning(skeleton: Path) -> None:
    with player() as somebody:
        mine = somebody.home / "cookies"
        assert 0 == run(somebody.name, skeleton, user="staff").returncode
        missing = run(somebody.name, skeleton / "none")
        assert (1, True) == (missing.returncode, "must be folders" in missing.stderr)
        assert mine.exists()
    assert 1 == run("root", skeleton).returncode
