"""What axe finds in a page that stands still."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Half faded in, a text has another contrast than the one that anybody reads it with. What turns for ever is no fade.
STANDS_STILL = """() =>
  document.querySelector('[data-sonner-toast]:not([data-mounted=true])') === null &&
  document.getAnimations().every((each) =>
    each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, with where. Nothing moves while axe looks, as for who asked for less motion."""
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(STANDS_STILL)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    page.emulate_media(reduced_motion="no-preference")
    return [in_words(rule) for rule in found]


def in_words(rule: dict[str, Any]) -> str:
    """One violation: the rule, what it wants, and the first places, each with what axe says of it."""
    places = [f"{node['target']}: {node['failureSummary']}" for node in rule["nodes"][:5]]
    return "\n  ".join([f"{rule['id']} ({rule['help']})", *places])
