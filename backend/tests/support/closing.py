"""How a socket was closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from websockets.exceptions import ConnectionClosed


async def close_frame(receive: Callable[[], Awaitable[object]]) -> tuple[int, str]:
    """Receive until the server closes; its code and reason."""

    async def drain() -> None:
        while True:
            await receive()

    with pytest.raises(ConnectionClosed) as closed:
        await drain()
    frame = closed.value.rcvd
    assert frame is not None, "The connection was dropped without a close frame."
    return frame.code, frame.reason
