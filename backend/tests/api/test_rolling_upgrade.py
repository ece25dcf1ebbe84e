"""What a process of another version has left in the cache: what this one can't read is no error, but a miss."""

from __future__ import annotations

from uuid import UUID

from tests.support.api import Api


async def test_a_cached_session_or_station_of_another_version_is_a_miss(api: Api) -> None:
    redis = api.server.runtime.redis
    if not redis.configured:
        return
    station = await api.station(driver="manual")
    session = await api.start(station, 60)
    await api.server.caught_up()
    older = {key: value for key, value in session.items() if key != "grace_seconds"}
    await redis.cache_session(UUID(session["id"]), older)
    assert (await api.get(f"/sessions/{session['id']}"))["grace_seconds"] == session["grace_seconds"]

    generation = await redis.floor_generation()
    assert generation is not None
    await redis.cache_station_status(generation, {str(station.id): b'{"name": "PC-01"}'})
    assert (await api.get(f"/stations/{station.id}"))["session"]["id"] == session["id"]
    assert [item["id"] for item in (await api.get("/stations"))["items"]] == [str(station.id)]
    stored = await redis.get_station_status(generation, [str(station.id)])
    assert b"session" in stored[str(station.id)], "it took the place of what couldn't be read"
