"""Signing in, staying signed in, signing out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from app.core.config import Settings
from app.domain.staff.schemas import Role
from tests.support.api import Api, problem
from tests.support.browser import OWNER, Browser
from tests.support.desk import desk
from tests.support.server import advance


@pytest.fixture
async def browser(api: Api) -> Browser:
    return Browser(api)


async def test_name_and_password_give_a_token_and_a_cookie(browser: Browser) -> None:
    answer = await browser.post("login", body=OWNER)
    assert answer.json() == {
        "access_token": answer.json()["access_token"],
        "token_type": "bearer",
        "expires_in": 30 * 60,
    }
    cookie = SimpleCookie(answer.headers["set-cookie"])["gameops_refresh"]
    assert (cookie["httponly"], cookie["samesite"].lower(), cookie["path"]) == (True, "strict", "/api/v1/auth")
    assert int(cookie["max-age"]) == 30 * 24 * 3600
    assert not cookie["secure"], "over plain HTTP a browser would throw a secure cookie away"
    assert answer.headers["cache-control"] == "no-store"
    assert cookie.value not in answer.text

    me = (await browser.who(answer.json()["access_token"])).json()
    assert (me["id"], me["username"], me["role"]) == (str(browser.api.people[Role.OWNER].id), "owner", "owner")


async def test_a_name_is_found_in_any_case_and_with_spaces_around_it(browser: Browser) -> None:
    for name in ("OWNER", " owner "):
        assert (await browser.post("login", body={**OWNER, "username": name})).status_code == 200


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(browser: Browser) -> None:
    wrong = [{**OWNER, "password": "wrong"}, {**OWNER, "username": "nobody"}]
    answers = [await browser.post("login", body=body) for body in wrong]
    for answer in answers:
        problem(answer, 401, "auth.wrong_credentials")
        assert "set-cookie" not in answer.headers
    assert answers[0].content == answers[1].content
    refused = await browser.api.events(type="STAFF_SIGN_IN_REFUSED")
    owner = {"staff_id": str(browser.api.people[Role.OWNER].id), "username": "owner"}
    address = {"address": "127.0.0.1"}
    assert [event["data"] for event in refused] == [owner | address, address], "people type passwords as names, too"


async def test_a_sign_in_is_in_the_log(browser: Browser) -> None:
    await browser.sign_in()
    event = (await browser.api.events(type="STAFF_SIGNED_IN"))[0]
    assert event["actor"] == {"kind": "staff", "id": str(browser.api.people[Role.OWNER].id), "name": "owner"}


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param("name", marks=pytest.mark.settings(login_limit_per_minute=3)),
        pytest.param("address", marks=pytest.mark.settings(login_address_limit_per_minute=3)),
    ],
)
async def test_after_too_many_attempts_in_a_minute_one_has_to_wait(browser: Browser, scope: str) -> None:
    for setting in ("login_limit_per_minute", "login_address_limit_per_minute"):
        assert Settings.model_fields[setting].default == 10
    for _ in range(3):
        problem(await browser.post("login", body={**OWNER, "password": "wrong"}), 401, "auth.wrong_credentials")
    limited = await browser.post("login", body=OWNER)
    problem(limited, 429, "rate_limited")
    assert 1 <= int(limited.headers["retry-after"]) <= 60
    problem(await browser.post("login", body=OWNER), 429, "rate_limited")
    told = await browser.api.events(type="STAFF_SIGN_IN_REFUSED")
    assert [event["data"].get("too_many_by") for event in told] == [None, None, None, scope], "once a row"


@pytest.mark.settings(api_limit_per_second=5)
async def test_a_person_s_requests_are_limited_and_another_s_aren_t(api: Api) -> None:
    answers = await asyncio.gather(*(api.call("GET", "/venue") for _ in range(30)))
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited
    for answer in limited:
        problem(answer, 429, "rate_limited")
        assert int(answer.headers["retry-after"]) >= 1
    assert (await api.call("GET", "/venue", role=Role.VIEWER)).status_code == 200


async def test_each_refresh_gives_another_cookie(browser: Browser) -> None:
    await browser.sign_in()
    seen = {browser.cookie}
    for _ in range(3):
        answer = await browser.post("refresh")
        assert answer.status_code == 200
        assert (await browser.who(answer.json()["access_token"])).status_code == 200
        seen.add(browser.cookie)
    assert len(seen) == 4


async def test_the_last_cookie_is_good_for_30_s_more_and_gets_the_same_successor(browser: Browser) -> None:
    """Two tabs, or an answer that got lost on its way."""
    await browser.sign_in()
    first = browser.cookie
    await browser.post("refresh", first)
    second = browser.cookie
    for _ in range(3):
        assert (await browser.post("refresh", first)).status_code == 200
        assert browser.cookie == second
    advance(browser.api.server.runtime.clock, timedelta(seconds=29))
    assert (await browser.post("refresh", first)).status_code == 200
    assert (await browser.post("refresh", second)).status_code == 200


async def test_many_refreshes_at_once_get_one_successor(browser: Browser) -> None:
    await browser.sign_in()
    first = browser.cookie
    answers = await asyncio.gather(*(browser.post("refresh", first) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({SimpleCookie(a.headers["set-cookie"])["gameops_refresh"].value for a in answers}) == 1


async def test_the_last_cookie_after_30_s_ends_the_sign_in(browser: Browser) -> None:
    access = await browser.sign_in()
    first = browser.cookie
    await browser.post("refresh", first)
    second = browser.cookie
    advance(browser.api.server.runtime.clock, timedelta(seconds=31))
    problem(await browser.post("refresh", first), 401, "auth.signed_out")
    problem(await browser.post("refresh", second), 401, "auth.signed_out")
    problem(await browser.who(access), 401, "auth.signed_out")
    assert len(await browser.api.events(type="STAFF_TOKEN_REUSED")) == 1


async def test_an_older_cookie_ends_the_sign_in_at_once(browser: Browser) -> None:
    """It was copied: whoever holds the good one can't be told from the thief."""
    access = await browser.sign_in()
    first = browser.cookie
    await browser.post("refresh")
    await browser.post("refresh")
    good = browser.cookie
    problem(await browser.post("refresh", first), 401, "auth.signed_out")
    problem(await browser.post("refresh", good), 401, "auth.signed_out")
    problem(await browser.who(access), 401, "auth.signed_out")


async def test_cookies_that_aren_t_ours_are_refused_and_end_nothing(browser: Browser) -> None:
    access = await browser.sign_in()
    family, sequence, mac = browser.cookie.split(".")
    for forged in ("x", f"{family}.0.{mac}", f"{family}.2.{mac}", f"{family}.{sequence}.{mac[:-1]}"):
        problem(await browser.post("refresh", forged), 401, "auth.invalid_refresh")
    problem(await browser.post("refresh", ""), 401, "auth.signed_out")
    assert (await browser.who(access)).status_code == 200


async def test_a_sign_in_ends_after_its_days(browser: Browser) -> None:
    await browser.sign_in()
    advance(browser.api.server.runtime.clock, timedelta(days=30, seconds=1))
    problem(await browser.post("refresh"), 401, "auth.signed_out")


async def test_signing_out_ends_token_cookie_and_live_connection(browser: Browser) -> None:
    access = await browser.sign_in()
    cookie = browser.cookie
    async with desk(browser.api.server, access) as live:
        answer = await browser.post("logout")
        assert (answer.status_code, answer.json()) == (200, {"ended": 1})
        assert 'gameops_refresh=""' in answer.headers["set-cookie"]
        code, _ = await live.closed()
        assert code == 4401
    problem(await browser.who(access), 401, "auth.signed_out")
    problem(await browser.post("refresh", cookie), 401, "auth.signed_out")


async def test_signing_out_here_leaves_another_sign_in_alone(browser: Browser) -> None:
    elsewhere = await browser.sign_in()
    async with desk(browser.api.server, elsewhere) as live:
        await browser.sign_in()
        await browser.post("logout")
        await live.until_event("STAFF_SIGNED_OUT")
        assert (await browser.who(elsewhere)).status_code == 200


async def test_signing_out_without_being_signed_in_is_fine(browser: Browser) -> None:
    for cookie in ("", "nonsense"):
        answer = await browser.post("logout", cookie, token=cookie or None)
        assert (answer.status_code, answer.json()) == (200, {"ended": 0})


async def test_signing_out_with_the_access_token_alone_ends_its_sign_in(browser: Browser) -> None:
    """A program that keeps no cookies."""
    access = await browser.sign_in()
    answer = await browser.post("logout", "", token=access)
    assert (answer.status_code, answer.json()) == (200, {"ended": 1})
    problem(await browser.who(access), 401, "auth.signed_out")
