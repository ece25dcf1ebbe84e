"""The figures that `make test` ends with: nothing that went wrong may look green."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import suites
from tools.suites import Result, Suite, counted_by_closing_line, run_suite
from tools.verbs import test as verb


@pytest.fixture(autouse=True)
def own_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "ARTIFACTS", tmp_path / "artifacts")


def pytest_suite(tmp_path: Path, content: str) -> Suite:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text(content)
    return Suite("sample", tmp_path, ("test_it.py",))


def figures(result: Result) -> tuple[int, int, int]:
    return result.passed, result.failed, result.skipped


def test_passed_failed_and_skipped_are_counted(tmp_path: Path) -> None:
    suite = pytest_suite(
        tmp_path,
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_also_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.fixture\ndef broken(): raise OSError\n"
        "def test_error(broken): pass\n"
        "@pytest.mark.skip\ndef test_skipped(): pass\n",
    )
    assert figures(run_suite(suite, {})) == (2, 2, 1)


@pytest.mark.parametrize("content", ["", "import nothing_of_that_name\n", "import os\ndef test(): os._exit(0)\n"])
def test_no_test_no_import_and_a_crash_are_failures(tmp_path: Path, content: str) -> None:
    passed, failed, _ = figures(run_suite(pytest_suite(tmp_path, content), {}))
    assert (passed, failed) == (0, 1)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo '12 passed, 0 failed'", (12, 0, 0)),
        ("echo '12 passed, 0 failed'; exit 1", (12, 1, 0)),
        ("echo '10 passed, 2 failed, 1 skipped'; exit 1", (10, 2, 1)),
        ("echo all is well", (0, 1, 0)),
    ],
)
def test_other_runners_are_counted_by_their_closing_line(
    tmp_path: Path, script: str, expected: tuple[int, int, int]
) -> None:
    suite = Suite("sample", tmp_path, ("sh", "-c", script), by_pytest=False)
    assert expected == figures(run_suite(suite, {}))


def test_last_closing_line_counts() -> None:
    assert counted_by_closing_line("1 passed, 9 failed\n  2 passed, 2 failed here\n3 passed, 0 failed\n") == (3, 0, 0)


def test_suite_that_hangs_is_ended_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "LONGEST_SUITE_SECONDS", 0.5)
    suite = Suite("sample", tmp_path, ("sh", "-c", "echo started; sleep 1000"), by_pytest=False)
    assert figures(run_suite(suite, {})) == (0, 1, 0)


@pytest.mark.parametrize(
    ("results", "closing", "status"),
    [
        ([Result("a", 3, 0, 0, 1.0), Result("b", 4, 0, 0, 1.0)], "7 passed, 0 failed", 0),
        ([Result("a", 3, 1, 0, 1.0), Result("b", 4, 0, 2, 1.0)], "7 passed, 1 failed, 2 skipped", 1),
        ([], "0 passed, 0 failed", 1),
    ],
)
def test_summary_ends_with_one_line_for_all(
    capsys: pytest.CaptureFixture[str], results: list[Result], closing: str, status: int
) -> None:
    assert status == verb.summary(results)
    assert closing == capsys.readouterr().out.splitlines()[-1]
