"""Changing one's password, signing out everywhere, guessing, and what becomes of old sign-ins."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from app.core.events import SYSTEM
from app.domain import staff
from app.domain.staff.models import SignIn
from app.domain.staff.schemas import Role
from tests.support.api import Api, problem
from tests.support.browser import OWNER, Browser
from tests.support.desk import desk
from tests.support.people import PASSWORD
from tests.support.server import advance

NEW_PASSWORD = "a better horse battery"
CHANGE = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}


async def signed_in(api: Api, username: str = "owner") -> tuple[Browser, str]:
    """A browser of its own, and its access token."""
    browser = Browser(api)
    return browser, await browser.sign_in(username)


async def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(api: Api) -> None:
    here, token = await signed_in(api)
    there, token_there = await signed_in(api)
    async with desk(api.server, token) as live, desk(api.server, token_there) as live_there:
        answer = await here.post("password", body=CHANGE, token=token)
        assert answer.status_code == 200, answer.text
        assert (await live_there.closed())[0] == 4401
        await live.until_event("STAFF_PASSWORD_CHANGED")
        assert (await here.who(token)).status_code == 200
        assert (await here.who(answer.json()["access_token"])).status_code == 200
    assert (await here.post("refresh")).status_code == 200
    problem(await there.who(token_there), 401, "auth.signed_out")
    problem(await there.post("refresh"), 401, "auth.signed_out")
    problem(await there.post("login", body=OWNER), 401, "auth.wrong_credentials")
    fresh = {"Authorization": f"Bearer {await there.sign_in(password=NEW_PASSWORD)}"}

    told = await api.call("GET", "/events", role=None, headers=fresh, params={"type": "STAFF_PASSWORD_CHANGED"})
    event = told.json()["items"][0]
    assert event["actor"]["name"] == "owner"
    assert event["data"]["staff_id"] == str(api.people[Role.OWNER].id)
    assert NEW_PASSWORD not in str(event)
    assert "argon2" not in str(event)


async def test_a_wrong_current_password_is_refused_and_recorded(api: Api) -> None:
    browser, token = await signed_in(api)
    body = {**CHANGE, "current_password": "wrong"}
    refused = problem(await browser.post("password", body=body, token=token), 422, "auth.wrong_password")
    assert [error["field"] for error in refused["errors"]] == ["current_password"]
    assert len(await api.events(type="STAFF_PASSWORD_REFUSED")) == 1
    assert (await browser.who(token)).status_code == 200
    await browser.sign_in()


async def test_a_new_password_has_to_be_long_enough_and_needs_a_token(api: Api) -> None:
    browser, token = await signed_in(api)
    short = await browser.post("password", body={**CHANGE, "new_password": "short"}, token=token)
    assert [error["field"] for error in problem(short, 422, "validation")["errors"]] == ["new_password"]
    problem(await browser.post("password", body={}, token="nonsense"), 401, "auth.invalid_token")
    problem(await browser.post("password", body={}), 401, "auth.required")


@pytest.mark.settings(login_limit_per_minute=4)
async def test_guessing_one_s_own_password_is_limited_as_signing_in_is(api: Api) -> None:
    """Whoever sits down at an open desk must not get more tries than from outside."""
    browser, token = await signed_in(api)
    body = {**CHANGE, "current_password": "wrong"}
    for _ in range(3):
        problem(await browser.post("password", body=body, token=token), 422, "auth.wrong_password")
    limited = await browser.post("password", body=CHANGE, token=token)
    problem(limited, 429, "rate_limited")
    assert 1 <= int(limited.headers["retry-after"]) <= 60
    problem(await browser.post("login", body=OWNER), 429, "rate_limited")


@pytest.mark.settings(login_address_limit_per_minute=4)
async def test_an_address_that_tries_many_names_has_to_wait(api: Api) -> None:
    browser = Browser(api)
    for number in range(4):
        body = {"username": f"name{number}", "password": "wrong"}
        problem(await browser.post("login", body=body), 401, "auth.wrong_credentials")
    limited = await browser.post("login", body=OWNER)
    problem(limited, 429, "rate_limited")
    assert int(limited.headers["retry-after"]) >= 1


@pytest.mark.settings(login_limit_per_minute=1000, login_address_limit_per_minute=1000)
async def test_an_unknown_name_takes_as_long_as_a_wrong_password(api: Api) -> None:
    """Compared with generous bounds: without the work of argon2 it would be a tenth."""
    browser = Browser(api)

    async def seconds(username: str) -> float:
        started = time.perf_counter()
        answer = await browser.post("login", body={"username": username, "password": "wrong"})
        problem(answer, 401, "auth.wrong_credentials")
        return time.perf_counter() - started

    took: dict[str, list[float]] = {"owner": [], "nobody": []}
    for _ in range(5):
        for username, times in took.items():
            times.append(await seconds(username))
    known, unknown = (statistics.median(took[name]) for name in ("owner", "nobody"))
    assert 0.5 < unknown / known < 2, took


async def test_signing_out_everywhere_ends_every_sign_in_and_live_connection_of_that_person(api: Api) -> None:
    here, token = await signed_in(api)
    there, token_there = await signed_in(api)
    other, token_other = await signed_in(api, "manager")
    async with (
        desk(api.server, token) as live,
        desk(api.server, token_there) as live_there,
        desk(api.server, token_other) as live_other,
    ):
        answer = await here.post("logout-all", token=token)
        assert (answer.status_code, answer.json()) == (200, {"ended": 3})
        assert 'gameops_refresh=""' in answer.headers["set-cookie"]
        assert [(await each.closed())[0] for each in (live, live_there)] == [4401, 4401]
        await live_other.until_event("STAFF_SIGNED_OUT")
    for browser, used in ((here, token), (there, token_there)):
        problem(await browser.who(used), 401, "auth.signed_out")
        problem(await browser.post("refresh"), 401, "auth.signed_out")
    assert (await other.who(token_other)).status_code == 200
    problem(await api.call("GET", "/venue"), 401, "auth.signed_out")  # the owner's first sign-in, too


async def test_a_sign_in_that_was_checked_before_the_password_changed_doesn_t_count(api: Api) -> None:
    """Argon2 takes its time outside the transaction; meanwhile an owner may have reset the password."""
    runtime = api.server.runtime
    async with runtime.database.read() as db:
        proven = await staff.check_password(db, "viewer", PASSWORD)
    assert proven is not None
    await api.call("PATCH", f"/staff/{api.people[Role.VIEWER].id}", {"password": NEW_PASSWORD})
    async with runtime.begin(SYSTEM) as uow:
        result = await staff.sign_in(uow, runtime.services.signer, proven, "viewer", timedelta(days=1), "127.0.0.1")
    assert not isinstance(result, tuple)
    assert len(await api.events(type="STAFF_SIGN_IN_REFUSED")) == 1


async def test_many_password_changes_at_once_leave_one_password(api: Api) -> None:
    browser, token = await signed_in(api)
    answers = await asyncio.gather(
        *(browser.post("password", body={**CHANGE, "new_password": f"password {n:04}"}, token=token) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422, 422]
    chosen = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    await browser.sign_in(password=f"password {chosen:04}")


async def test_sign_ins_that_ran_out_or_ended_are_forgotten(api: Api) -> None:
    runtime = api.server.runtime
    browser, _ = await signed_in(api)
    await browser.post("logout")
    _, kept = await signed_in(api)

    async def count() -> int:
        async with runtime.begin(SYSTEM) as uow:
            await staff.forget_old_sign_ins(uow)
            return (await uow.db.execute(select(func.count()).select_from(SignIn))).scalar_one()

    assert await count() == len(Role) + 1
    assert (await browser.who(kept)).status_code == 200
    advance(runtime.clock, timedelta(days=31))
    assert await count() == 0
    problem(await browser.post("refresh"), 401, "auth.signed_out")


async def test_an_access_token_ends_with_its_sign_in(api: Api) -> None:
    browser, _ = await signed_in(api)
    clock = api.server.runtime.clock
    advance(clock, timedelta(days=30, seconds=-60))
    answer = await browser.post("refresh")
    token = answer.json()["access_token"]
    assert (await browser.who(token)).status_code == 200
    advance(clock, timedelta(seconds=61))
    problem(await browser.who(token), 401, "auth.signed_out")


async def test_two_tabs_that_renew_again_and_again_stay_signed_in(api: Api) -> None:
    """One cookie for both: whoever comes second with the last one gets the same successor."""
    browser, _ = await signed_in(api)
    for _ in range(5):
        last = browser.cookie
        answers: list[httpx.Response] = await asyncio.gather(*(browser.post("refresh", last) for _ in range(2)))
        assert [answer.status_code for answer in answers] == [200, 200]
    assert await api.events(type="STAFF_TOKEN_REUSED") == []
