"""Every rule of the tree check is shown failing on a bad tree and passing on a good one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import check_tree

LICENCE = "MIT License\n\nCopyright\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A git tree that breaks no rule."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    put(tmp_path, "LICENSE", LICENCE)
    put(tmp_path, "app/main.py", "print('hello')\n")
    return tmp_path


def put(tree: Path, name: str, content: str | bytes) -> None:
    file = tree / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    subprocess.run(["git", "add", "-f", name], cwd=tree, check=True)


def test_good_tree_has_no_findings(tree: Path) -> None:
    put(
        tree,
        "README.md",
        "Open http://localhost:8000, see `data/` and /etc/gameops; 1/tmp/2 and a/home/b are no paths.\n",
    )
    put(tree, "logo.png", b"\x89PNG\0" + b"/home" + b"/me/x")
    assert check_tree.findings(tree) == []


@pytest.mark.parametrize("parts", check_tree.HOSTS, ids="-".join)
def test_registry_host_is_found_with_its_line(tree: Path, parts: tuple[str, ...]) -> None:
    put(tree, "package-lock.json", '{\n"resolved": "https://x.' + ".".join(parts) + '/a.tgz"}\n')
    [finding] = check_tree.findings(tree)
    assert finding.startswith("package-lock.json:2 names the package registry ")


@pytest.mark.parametrize("home", check_tree.HOMES)
def test_path_of_a_machine_is_found(tree: Path, home: str) -> None:
    put(tree, "app/main.py", f'config = "/{home}' + '/someone/gameops"\n')
    [finding] = check_tree.findings(tree)
    assert f"app/main.py:1 has the path /{home}/someone" in finding


def test_windows_home_and_path_out_of_the_repository_are_found(tree: Path) -> None:
    put(tree, "a.bat", "cd C:\\Users" + "\\Mara\n")
    put(tree, "b.md", "see ../" + "shared/x.md\n")
    assert [finding.split(" ")[0] for finding in check_tree.findings(tree)] == ["a.bat:1", "b.md:1"]


@pytest.mark.parametrize(
    "secret",
    ["-----BEGIN " + "RSA PRIVATE KEY-----", "AKIA" + "A" * 16, "ghp_" + "a" * 36, "npm_" + "a" * 36],
)
def test_secret_is_found_and_not_repeated(tree: Path, secret: str) -> None:
    put(tree, "notes.md", f"first\n{secret}\n")
    [finding] = check_tree.findings(tree)
    assert finding.startswith("notes.md:2 holds ")
    assert secret not in finding


@pytest.mark.parametrize(
    "name", ["backend/.env", "data/secret_key", "data/gameops.db", "data/gameops.db-wal", "tls/site.pem"]
)
def test_file_for_secrets_or_data_is_found(tree: Path, name: str) -> None:
    put(tree, name, "x\n")
    [finding] = check_tree.findings(tree)
    assert finding.startswith(f"{name} is a file for secrets or data.")


def test_example_settings_are_allowed(tree: Path) -> None:
    put(tree, "backend/.env.example", "SECRET_KEY=your-secret-key-here\n")
    assert check_tree.findings(tree) == []


@pytest.mark.parametrize(("count", "expected"), [(400, 0), (401, 1)])
def test_code_over_the_line_limit_is_found(tree: Path, count: int, expected: int) -> None:
    put(tree, "app/long.py", "x = 1\n" * count)
    assert expected == len(check_tree.findings(tree))


def test_long_text_generated_client_and_migration_are_allowed(tree: Path) -> None:
    put(tree, "CHANGELOG.md", "line\n" * 900)
    put(tree, "dashboard/src/lib/api/schema.d.ts", "line\n" * 900)
    put(tree, "backend/alembic/versions/0001_first.py", "line\n" * 900)
    assert check_tree.findings(tree) == []


def test_huge_file_is_found(tree: Path) -> None:
    put(tree, "dump.bin", b"\0" * (check_tree.LARGEST_FILE + 1))
    [finding] = check_tree.findings(tree)
    assert finding.startswith("dump.bin has 2,000,001 bytes")


@pytest.mark.parametrize("content", [None, "All rights reserved\n"])
def test_missing_or_other_licence_is_found(tree: Path, content: str | None) -> None:
    if content is None:
        (tree / "LICENSE").unlink()
    else:
        put(tree, "LICENSE", content)
    [finding] = check_tree.findings(tree)
    assert finding.startswith("LICENSE is missing")


def test_the_checker_passes_its_own_rules() -> None:
    own = Path(check_tree.__file__)
    assert [finding for rule in check_tree.RULES for finding in rule("tools/check_tree.py", own.read_bytes())] == []
