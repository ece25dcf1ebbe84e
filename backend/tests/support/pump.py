"""Carries bytes between two TCP connections, for what stands in between and can be told to misbehave."""

from __future__ import annotations

import asyncio
import contextlib


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes, until an end of it closes or breaks; then the other one breaks, too."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


async def pump_both_ways(
    near: tuple[asyncio.StreamReader, asyncio.StreamWriter], far: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    """Between the two, until both ways have ended."""
    await asyncio.gather(pump(near[0], far[1]), pump(far[0], near[1]))
