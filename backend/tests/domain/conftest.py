"""A venue whose time the test moves."""

from __future__ import annotations

import pytest

from app.bootstrap.core import Core
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.server import freeze


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    """The venue, its time standing still unless the test moves it."""
    freeze(core.clock)
    return Venue(core, template.people)
