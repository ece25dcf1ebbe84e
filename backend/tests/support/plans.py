"""How a database looks rows up: the plan of what a question asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from tests.support.statements import statements


async def plans(core: Core, ask: Callable[[AsyncSession], Awaitable[Any]]) -> list[str]:
    """The plan of each query of a question, in the order in which they were asked; statistics are made first."""
    async with core.database.write() as db:
        await db.execute(text("ANALYZE"))
        await db.commit()
    async with core.database.read() as db:
        with statements(core) as asked:
            await ask(db)
    engine = core.database.engine
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    found = []
    async with engine.connect() as connection:
        for statement, parameters in asked:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
                found.append("\n".join(str(row[-1]) for row in rows))
    return found
