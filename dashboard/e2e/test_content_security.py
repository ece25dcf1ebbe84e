"""What pages may run and load: the build's own scripts by their hashes, and nothing from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Response

from e2e.house import House
from tools.layout import DASHBOARD

OUT = DASHBOARD / "out"
LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'", "*", "data:", "blob:", "http:", "https:"}
PUT_IN = """() => {
  const script = document.createElement("script");
  script.textContent = "window.putIn = true";
  document.head.append(script);
  return window.putIn === true;
}"""

pytestmark = pytest.mark.timeout(300)


def pages() -> list[str]:
    """The address of every page of the build."""
    found = (file.parent.relative_to(OUT) for file in OUT.rglob("index.html"))
    return sorted("/" if place == Path() else f"/{place.as_posix()}/" for place in found)


def test_pages_run_what_the_build_wrote_and_nothing_that_is_put_in(house: House) -> None:
    """Each page starts under a policy of hashes without a word in the console; a script of nobody's doesn't run."""
    desk = house.desk()
    for path in pages():
        answer = desk.page.goto(house.backend.url + path)
        assert answer is not None
        policy = policy_of(answer)
        assert any(source.startswith("'sha256-") for source in policy["script-src"]), path
        assert not LOOSE & set(policy["script-src"]), path
        for closed in ("object-src", "base-uri", "frame-ancestors"):
            assert policy[closed] == ["'none'"], path
        assert policy["connect-src"] == ["'self'"], path
        if path not in ("/404/", "/_not-found/"):
            desk.page.locator("main").first.wait_for()
        desk.expect_no_complaints()
        with desk.page.expect_console_message(lambda said: "Content Security Policy" in said.text):
            assert not desk.page.evaluate(PUT_IN), f"{path} runs a script that was put in"
        desk.complaints.clear()


def policy_of(answer: Response) -> dict[str, list[str]]:
    directives = [each.split() for each in answer.headers["content-security-policy"].split(";") if each.strip()]
    return {name: values for name, *values in directives}


def test_no_page_names_another_host() -> None:
    """Scripts, styles, fonts and pictures all come from the server that the page came from."""
    elsewhere = re.compile(r'(?:src|href)="(?:https?:)?//')
    for path in pages():
        file = OUT / path.strip("/") / "index.html"
        assert not elsewhere.search(file.read_text(encoding="utf-8")), path
