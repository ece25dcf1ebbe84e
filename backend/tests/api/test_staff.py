"""Looking after the staff: roles, names, passwords, retirement, and that somebody always can."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter

import pytest

from app.domain import staff
from app.domain.staff.schemas import Role
from tests.support.api import Api, Json, problem
from tests.support.browser import Browser
from tests.support.desk import desk
from tests.support.people import PASSWORD

NEW_PASSWORD = "a better horse battery"


def path(api: Api, role: Role) -> str:
    """The path of that member of staff."""
    return f"/staff/{api.people[role].id}"


async def patched(api: Api, who: Role, /, **body: object) -> Json:
    """The answer to a PATCH that must succeed."""
    answer = await api.call("PATCH", path(api, who), body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def add_owner(api: Api, username: str) -> str:
    """The path of another owner."""
    made = await api.post("/staff", {"username": username, "password": PASSWORD, "role": "owner"})
    return f"/staff/{made['id']}"


async def test_staff_are_added_by_the_owner_and_can_sign_in(api: Api) -> None:
    new = {"username": "Zoë", "password": "a long password", "role": "attendant"}
    made = await api.post("/staff", new)
    assert set(made) == {"id", "username", "role", "created_at", "retired_at"}
    assert (made["username"], made["role"]) == ("Zoë", "attendant")
    problem(await api.call("POST", "/staff", new | {"username": "ZOË"}), 409, "staff.username_taken")
    for wrong in ({"password": "short"}, {"role": "king"}, {"username": " "}, {"username": "x" * 65}):
        problem(await api.call("POST", "/staff", new | {"username": "other"} | wrong), 422, "validation")
    signed_in = await api.post("/auth/login", {"username": "zoë", "password": "a long password"}, role=None)
    assert signed_in["access_token"]
    event = (await api.events(type="STAFF_CREATED"))[-1]
    assert event["data"]["after"] == {"username": "Zoë", "role": "attendant"}
    assert "a long password" not in str(event)


async def test_a_new_role_counts_at_once_and_live_desks_learn_of_it(api: Api) -> None:
    async with desk(api.server, api.people[Role.VIEWER].access_token()) as live:
        changed = await patched(api, Role.VIEWER, role="manager")
        assert (changed["role"], changed["username"]) == ("manager", "viewer")
        assert (await live.closed())[0] == 4401
    assert (await api.call("POST", "/stations", {"name": "PC-01"}, role=Role.VIEWER)).status_code == 201
    async with desk(api.server, api.people[Role.VIEWER].access_token()):  # the sign-in itself goes on
        pass
    event = (await api.events(type="STAFF_UPDATED"))[0]
    assert event["data"]["before"] == {"username": "viewer", "role": "viewer", "retired": False}
    assert event["data"]["after"] == {"username": "viewer", "role": "manager", "retired": False}
    assert event["actor"]["name"] == "owner"


async def test_what_stays_as_it_is_is_no_event(api: Api) -> None:
    await patched(api, Role.VIEWER)
    await patched(api, Role.VIEWER, role="viewer", username="viewer", retired=False)
    assert await api.events(type="STAFF_UPDATED") == []


async def test_a_new_name_signs_in_and_the_old_one_doesn_t(api: Api) -> None:
    await patched(api, Role.VIEWER, username="Zoë")
    browser = Browser(api)
    await browser.sign_in("ZOË")
    problem(
        await browser.post("login", body={"username": "viewer", "password": PASSWORD}), 401, "auth.wrong_credentials"
    )
    taken = await api.call("PATCH", path(api, Role.MANAGER), {"username": "zoË"})
    problem(taken, 409, "staff.username_taken")


async def test_a_reset_password_ends_that_person_s_sign_ins(api: Api) -> None:
    async with desk(api.server, api.people[Role.VIEWER].access_token()) as live:
        await patched(api, Role.VIEWER, password=NEW_PASSWORD)
        assert (await live.closed())[0] == 4401
    problem(await api.call("GET", "/venue", role=Role.VIEWER), 401, "auth.signed_out")
    browser = Browser(api)
    problem(
        await browser.post("login", body={"username": "viewer", "password": PASSWORD}), 401, "auth.wrong_credentials"
    )
    await browser.sign_in("viewer", NEW_PASSWORD)
    recorded = str(await api.events(type="STAFF_PASSWORD_CHANGED"))
    assert str(api.people[Role.VIEWER].id) in recorded
    assert NEW_PASSWORD not in recorded
    assert "argon2" not in recorded


async def test_someone_who_is_retired_is_out_at_once_and_can_come_back(api: Api) -> None:
    browser = Browser(api)
    token = await browser.sign_in("viewer")
    async with desk(api.server, token) as live:
        retired = await patched(api, Role.VIEWER, retired=True)
        assert retired["retired_at"] is not None
        assert (await live.closed())[0] == 4401
    problem(await browser.who(token), 401, "auth.signed_out")
    problem(await browser.post("refresh"), 401, "auth.signed_out")
    sign_in = {"username": "viewer", "password": PASSWORD}
    problem(await browser.post("login", body=sign_in), 401, "auth.wrong_credentials")

    async def names(**query: bool) -> list[str]:
        return [person["username"] for person in (await api.get("/staff", **query))["items"]]

    assert await names() == ["attendant", "manager", "owner"]
    assert await names(retired=True) == ["attendant", "manager", "owner", "viewer"]
    new = {"username": "Viewer", "password": PASSWORD, "role": "viewer"}
    problem(await api.call("POST", "/staff", new), 409, "staff.username_taken")

    assert (await patched(api, Role.VIEWER, retired=False))["retired_at"] is None
    problem(await browser.who(token), 401, "auth.signed_out")
    await browser.sign_in("viewer")
    changes = [
        (e["data"]["before"]["retired"], e["data"]["after"]["retired"]) for e in await api.events(type="STAFF_UPDATED")
    ]
    assert changes == [(False, True), (True, False)]


async def test_the_last_owner_stays(api: Api) -> None:
    for body in ({"role": "manager"}, {"retired": True}, {"retired": True, "role": "viewer"}):
        refused = problem(await api.call("PATCH", path(api, Role.OWNER), body), 409, "staff.last_owner")
        assert "owner" in refused["detail"]
    assert await api.events(type="STAFF_UPDATED") == []
    assert (await api.call("PATCH", path(api, Role.OWNER), {"role": "manager"}, key="k-1")).status_code == 409
    await add_owner(api, "second")
    await patched(api, Role.OWNER, role="manager")
    problem(await api.call("GET", "/staff"), 403, "auth.forbidden")


async def test_a_retired_owner_doesn_t_count(api: Api) -> None:
    second = await add_owner(api, "second")
    assert (await api.call("PATCH", second, {"retired": True})).status_code == 200
    problem(await api.call("PATCH", path(api, Role.OWNER), {"role": "viewer"}), 409, "staff.last_owner")


@pytest.mark.settings(login_address_limit_per_minute=1000)
async def test_owners_who_remove_each_other_at_the_same_time_leave_one(api: Api) -> None:
    """Five owners, each removed by another one in the same moment, each by his own sign-in."""
    names = [f"owner{n}" for n in range(4)]
    paths = [path(api, Role.OWNER), *[await add_owner(api, name) for name in names]]
    tokens = [api.people[Role.OWNER].access_token()]
    runtime = api.server.runtime
    for name in names:
        tokens.append(await Browser(api).sign_in(name))

    async def remove(number: int) -> int:
        body: Json = {"retired": True} if number % 2 else {"role": "viewer"}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        target = paths[(number + 1) % len(paths)]
        return (await api.call("PATCH", target, body, role=None, headers=headers)).status_code

    answers = Counter(await asyncio.gather(*(remove(number) for number in range(len(paths)))))
    assert set(answers) <= {200, 401, 403, 409}, answers
    async with runtime.database.read() as db:
        left = [p for p in await staff.listed(db, after=None, limit=50) if p.role is Role.OWNER]
    assert len(left) == len(paths) - answers[200]
    assert left, answers


async def test_a_member_of_staff_that_isn_t_there(api: Api) -> None:
    problem(await api.call("PATCH", f"/staff/{uuid.uuid4()}", {"role": "viewer"}), 404, "staff.not_found")
    problem(await api.call("PATCH", "/staff/seven", {"role": "viewer"}), 404, "not_found")
    for body in ({"role": "king"}, {"retired": "yes"}, {"password": "short"}, {"username": ""}, {"hash": "x"}):
        refused = problem(await api.call("PATCH", path(api, Role.VIEWER), body), 422, "validation")
        assert [error["field"] for error in refused["errors"]] == list(body)
