"""The private servers of a test run come up, answer, and leave nothing behind."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from tools import servers


def is_open(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


async def version(url: str) -> str:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return str(await connection.fetchval("SELECT version()"))
    finally:
        await connection.close()


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_postgres_answers_and_is_gone_afterwards() -> None:
    with servers.postgres() as url:
        assert asyncio.run(version(url)).startswith("PostgreSQL")
    assert not is_open(url)


async def test_redis_answers_and_is_gone_afterwards() -> None:
    with servers.redis() as url:
        client = Redis.from_url(url)
        assert await client.set("a", "b")
        assert await client.get("a") == b"b"
        await client.aclose()
    assert not is_open(url)


def test_servers_end_when_the_tests_are_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), servers.redis() as url:
        raise KeyboardInterrupt
    assert not is_open(url)


def test_a_cluster_that_was_stopped_comes_back_on_its_port_with_what_it_held() -> None:
    with servers.postgres_cluster() as cluster:
        url = cluster.url
        asyncio.run(execute(url, "CREATE TABLE kept (line text)"))
        cluster.stop()
        assert not is_open(url)
        cluster.start()
        asyncio.run(execute(url, "SELECT line FROM kept"))
    assert not is_open(url)
