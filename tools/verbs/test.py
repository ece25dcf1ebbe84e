"""`make test`: every suite on private servers, then one line that a machine can read."""

from __future__ import annotations

import os

from tools import dashboard, servers, system
from tools.say import Refusal, say
from tools.suites import SUITES, Result, Suite, run_suite

# A person's own database, keys and screen are not for tests.
PERSONAL = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DISPLAY", "PORT", "HOST")


def main() -> int:
    chosen = chosen_suites()
    system.ensure_test_needs()
    npm = dashboard.ensure_packages()
    if any(suite.name in ("tools", "journey") for suite in chosen):
        dashboard.ensure_built()
    for name in PERSONAL:
        os.environ.pop(name, None)
    say("· Starting a private PostgreSQL and a private Redis ...")
    with servers.postgres() as database_url, servers.redis() as redis_url:
        env = {**npm, "TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
        results = [run_suite(suite, env) for suite in chosen]
    return summary(results)


def chosen_suites() -> list[Suite]:
    """All suites, or those that `ONLY` names."""
    only = os.environ.get("ONLY", "").split()
    unknown = set(only) - {suite.name for suite in SUITES}
    if unknown:
        known = ", ".join(suite.name for suite in SUITES)
        raise Refusal(f"There is no suite {', '.join(sorted(unknown))}. ONLY takes some of: {known}.")
    return [suite for suite in SUITES if not only or suite.name in only]


def summary(results: list[Result]) -> int:
    """Print each suite's figures and the closing line; answer the exit code."""
    say("\n" + f"{'suite':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for result in results:
        say(f"{result.name:<12}{result.passed:>8}{result.failed:>8}{result.skipped:>9}{result.seconds:>9.0f}")
    passed, failed, skipped = (
        sum(result.passed for result in results),
        sum(result.failed for result in results),
        sum(result.skipped for result in results),
    )
    say(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0
