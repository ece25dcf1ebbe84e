"""The sessions as a file."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from app.api.v1.exports import HEAD, PAGE
from app.domain.sessions.models import SessionGap
from app.domain.staff.schemas import Role
from app.domain.venues.models import Venue
from tests.support.api import Api, problem
from tests.support.histories import Floor, Play, Seat, put


async def rows(api: Api, **params: str) -> list[dict[str, str]]:
    """The file's rows by column."""
    answer = await api.call("GET", "/sessions.csv", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert "sessions.csv" in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8")
    assert text.split("\r\n", 1)[0] == ",".join(HEAD)
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_a_session_is_a_row(api: Api) -> None:
    async with api.server.runtime.database.write() as db:
        await db.execute(update(Venue).values(time_zone="Europe/Madrid"))
        await db.commit()
    station = await api.station("PC-01", driver="manual")
    name, notes = 'Márta, "the" fox', "first\nsecond"
    session = await api.start(station, 60, user_name=name, notes=notes)
    await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
    ended = await api.post(f"/sessions/{session['id']}/end")
    [row] = await rows(api)
    assert (row["id"], row["station"], row["station_id"]) == (session["id"], "PC-01", station.id)
    assert (row["user_name"], row["notes"], row["created_by"]) == (name, notes, "owner")
    assert (row["status"], row["end_reason"]) == ("ended", "manual_stop")
    assert (row["duration_minutes"], row["extended_minutes"], row["paused_seconds"]) == ("60", "30", "0")
    for column in ("started_at", "ended_at"):
        assert row[column] == ended[column]
        local = datetime.fromisoformat(row[f"{column}_local"])
        assert local == datetime.fromisoformat(ended[column])
        assert local.utcoffset() in (timedelta(hours=1), timedelta(hours=2))


async def test_nothing_that_was_typed_becomes_a_formula(api: Api) -> None:
    typed = ["=1+1", "+34 600", "-5", "@SUM(A1)", "plain", "a=b"]
    for number, words in enumerate(typed):
        station = await api.station(f"={number}", driver="manual")
        await api.start(station, 60, user_name=words, notes=words)
    found = list(reversed(await rows(api)))
    expected = ["'=1+1", "'+34 600", "'-5", "'@SUM(A1)", "plain", "a=b"]
    assert [row["user_name"] for row in found] == [row["notes"] for row in found] == expected
    assert [row["station"] for row in found] == [f"'={number}" for number in range(6)]


async def test_the_filters(api: Api) -> None:
    one, other = [await api.station(name, driver="manual") for name in ("PC-01", "PC-02")]
    first, second = await api.start(one, 60), await api.start(other, 60)
    await api.post(f"/sessions/{first['id']}/end")
    assert {row["id"] for row in await rows(api)} == {first["id"], second["id"]}
    assert [row["id"] for row in await rows(api, station_id=other.id)] == [second["id"]]
    assert [row["id"] for row in await rows(api, status="ended")] == [first["id"]]
    now = api.server.runtime.clock.now()
    later, earlier = (now + timedelta(hours=1)).isoformat(), (now - timedelta(hours=1)).isoformat()
    assert len(await rows(api, since=earlier, until=later)) == 2
    assert await rows(api, since=later) == await rows(api, until=earlier) == []
    problem(await api.call("GET", "/sessions.csv", params={"since": "2026-01-01"}), 422, "validation")


async def test_by_who_started_it_and_one_session_alone(api: Api) -> None:
    first = await api.start(await api.station(driver="manual"), 60)
    other = await api.post(
        "/sessions",
        {"station_id": (await api.station(driver="manual")).id, "duration_minutes": 60},
        role=Role.ATTENDANT,
    )
    attendant = str(api.people[Role.ATTENDANT].id)
    assert [row["id"] for row in await rows(api, actor=attendant)] == [other["id"]]
    assert [row["id"] for row in await rows(api, session_id=first["id"])] == [first["id"]]
    assert await rows(api, session_id=first["id"], actor=attendant) == []


async def test_by_name_zone_and_reason(api: Api) -> None:
    zone = await api.post("/zones", {"name": "Hall"}, role=Role.MANAGER)
    one = await api.start(await api.station(driver="manual", zone=zone["id"]), user_name="Şeyma Ç.")
    other = await api.start(await api.station(driver="manual"), user_name="Ben")
    await api.post(f"/sessions/{other['id']}/end")
    assert [row["id"] for row in await rows(api, user_name="seyma c")] == [one["id"]]
    assert [row["id"] for row in await rows(api, zone_id=zone["id"])] == [one["id"]]
    assert [row["id"] for row in await rows(api, end_reason="manual_stop")] == [other["id"]]


async def test_a_filter_that_it_doesn_t_know_is_refused(api: Api) -> None:
    refused = problem(await api.call("GET", "/sessions.csv", params={"statoin_id": "x"}), 422, "validation")
    assert [error["field"] for error in refused["errors"]] == ["statoin_id"]


async def test_every_session_once_over_several_pages(api: Api) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    station = (start, None, None)
    floor = Floor("UTC", 360, (station,), (uuid.uuid4(),), ())
    minutes = [start + timedelta(minutes=number // 3) for number in range(2 * PAGE + 7)]
    plays = [Play((Seat(0, at, at),), (), at) for at in minutes]
    await put(api.server.runtime, floor, plays)
    found = await rows(api)
    assert len(found) == len(plays)
    assert {row["id"] for row in found} == {str(play.id) for play in plays}
    assert [row["started_at"] for row in found] == sorted((row["started_at"] for row in found), reverse=True)


async def test_no_sessions_are_a_file_with_a_head(api: Api) -> None:
    assert await rows(api) == []


async def test_what_was_used_can_be_read_from_the_file(api: Api) -> None:
    """Whoever bills from it must tell a session that never opened from one that was played, and play from gaps."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    floor = Floor("UTC", 360, ((start, None, None), (start, None, None)), (uuid.uuid4(), uuid.uuid4()), ())

    def at(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    seats = (Seat(0, at(0), at(60)), Seat(1, at(60), at(120)))
    played = Play(seats, ((at(20), at(25)), (at(60), at(61)), (at(90), at(92))), at(120), "manual_stop")
    cancelled = Play((Seat(0, at(200), at(209)),), (), at(209), "manual_stop", opened=False)
    await put(api.server.runtime, floor, [played, cancelled])
    async with api.server.runtime.database.write() as db:
        for seq, kind in ((2, "moving"), (3, "closed")):
            await db.execute(update(SessionGap).where(SessionGap.seq == seq).values(kind=kind))
        await db.commit()
    columns = ("confirmed_at", "played_seconds", "paused_seconds", "moving_seconds", "closed_seconds")
    found = {row["id"]: [row[column] for column in columns] for row in await rows(api)}
    assert found[str(cancelled.id)] == ["", "0", "0", "0", "0"]
    assert found[str(played.id)] == ["2026-03-01T12:00:00Z", "6720", "300", "60", "120"]
    said = await api.get(f"/sessions/{cancelled.id}")
    assert (said["confirmed_at"], said["played_seconds"]) == (None, 0)
    total = (await api.get("/reports/sessions", **{"from": "2026-03-01", "to": "2026-03-01"}))["total"]
    assert (total["sessions"], total["unused"], total["played_seconds"]) == (1, 1, 6720), "as the reports say"
