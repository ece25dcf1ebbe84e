"""Fixtures that several parts of the agent's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.display import MISSING, Display, private_display


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    if MISSING:
        pytest.fail(f"{' and '.join(MISSING)} missing: apt-get install xvfb x11-utils python3-tk")
    with private_display() as opened:
        yield opened
