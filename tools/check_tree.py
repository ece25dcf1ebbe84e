"""Rules for every file that git tracks. Each has a test in `tools/tests` that shows it failing.

Host names and paths are put together from parts, so that this file doesn't break its own rules.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from tools.layout import ROOT
from tools.say import say

LONGEST_CODE = 400
LARGEST_FILE = 2_000_000  # a screenshot has 200 kB; more is a build product or a database
CODE = {".py", ".ts", ".tsx", ".mjs", ".cjs", ".js", ".css", ".sh", ".bat", ".ps1"}
# Written by a program, or, as a migration, one step that can't be taken in two.
UNDIVIDED = re.compile(r"^dashboard/src/lib/api/schema\.d\.ts$|^backend/alembic/versions/")

HOSTS = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("npmmirror", "com"),
    ("deb", "debian", "org"),
    ("security", "debian", "org"),
    ("proxy", "golang", "org"),
    ("crates", "io"),
    ("maven", "org"),
    ("rubygems", "org"),
]
REGISTRY = re.compile("|".join(r"\b" + r"\.".join(parts) + r"\b" for parts in HOSTS), re.IGNORECASE)
HOMES = ("home", "root", "work", "tmp", "Users", "mnt", "workspace", "var/folders")
MACHINE_PATH = re.compile(
    r"(?<![\w.~$}>/-])/(?:" + "|".join(HOMES) + r")/[\w.-]+|\b[A-Z]:\\+Users\\+\w|\.\./" + "shared/"
)
SECRETS = {
    "a private key": re.compile("-----BEGIN " + r"(?:[A-Z]+ )*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\b" + "AKIA" + r"[0-9A-Z]{16}\b"),
    "a code host's token": re.compile(r"\b(?:" + "gh[pousr]_" + r"[A-Za-z0-9]{36}|" + "glpat" + r"-[\w-]{20})"),
    "a package registry's token": re.compile(r"\b(?:" + "npm_" + r"[A-Za-z0-9]{36}|" + "pypi" + r"-AgE[\w-]{50})"),
}
PRIVATE_NAMES = re.compile(
    r"(^|/)(\.env|secret_key|id_(rsa|ed25519)|[^/]+\.(pem|key|p12|pfx|db|sqlite3?)(-wal|-shm)?)$"
)

Finding = str
Rule = Callable[[str, bytes], Iterator[Finding]]


def registry_hosts(path: str, content: bytes) -> Iterator[Finding]:
    for number, line in lines(content):
        if match := REGISTRY.search(line):
            yield f"{path}:{number} names the package registry {match[0]}. Leave the host out."


def machine_paths(path: str, content: bytes) -> Iterator[Finding]:
    for number, line in lines(content):
        if match := MACHINE_PATH.search(line):
            yield f"{path}:{number} has the path {match[0]} of one machine. Make it relative to the repository."


def secrets(path: str, content: bytes) -> Iterator[Finding]:
    if PRIVATE_NAMES.search(path):
        yield f"{path} is a file for secrets or data. Take it out of git and add it to .gitignore."
    for number, line in lines(content):
        for what, pattern in SECRETS.items():
            if pattern.search(line):
                yield f"{path}:{number} holds {what}. Revoke it, then remove it from the tree."


def file_size(path: str, content: bytes) -> Iterator[Finding]:
    if len(content) > LARGEST_FILE:
        yield f"{path} has {len(content):,} bytes, more than {LARGEST_FILE:,}. Keep it out of the tree or shrink it."
    if PurePosixPath(path).suffix in CODE and not UNDIVIDED.match(path):
        count = content.count(b"\n")
        if count > LONGEST_CODE:
            yield f"{path} has {count} lines, more than {LONGEST_CODE}. Split it by reason to change."


RULES: tuple[Rule, ...] = (registry_hosts, machine_paths, secrets, file_size)


def lines(content: bytes) -> Iterator[tuple[int, str]]:
    """Numbered lines of a text file; a binary file has none."""
    if b"\0" in content:
        return
    yield from enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1)


def licence(root: Path) -> Iterator[Finding]:
    file = root / "LICENSE"
    if not file.is_file() or not file.read_text(encoding="utf-8").startswith("MIT License"):
        yield "LICENSE is missing or isn't the MIT licence. Restore it."


def tracked(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    return sorted(name for name in listed.decode().split("\0") if name)


def findings(root: Path) -> list[Finding]:
    """Everything that breaks a rule in the tracked files of the tree at `root`."""
    found = list(licence(root))
    for path in tracked(root):
        file = root / path
        if file.is_symlink() or not file.is_file():
            continue
        content = file.read_bytes()
        for rule in RULES:
            found += rule(path, content)
    return found


def main() -> int:
    found = findings(ROOT)
    for finding in found:
        say(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
