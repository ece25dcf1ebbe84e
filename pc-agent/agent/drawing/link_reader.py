"""The agent's words, as they arrive, in the loop that draws."""

from __future__ import annotations

import os
import queue
import sys
import threading
import tkinter
from collections.abc import Callable
from typing import IO

from agent.overlay_link import Frame, Look, decode, told

POLL_MILLISECONDS = 40


class LinkReader:
    """`hear` gets all that has come since the last time, `gone` is called once when the agent has closed its end."""

    def __init__(
        self,
        root: tkinter.Tk,
        stream: IO[bytes],
        hear: Callable[[list[Frame | Look]], None],
        gone: Callable[[], None],
    ) -> None:
        self._root, self._stream, self._hear, self._gone = root, stream, hear, gone
        self._begun_line = b""
        self._inbox: queue.SimpleQueue[Frame | Look | None] = queue.SimpleQueue()

    def start(self, *, by_thread: bool = sys.platform == "win32") -> None:
        """Tk watches the pipe itself, except on Windows, where a thread has to wait for it."""
        if by_thread:
            threading.Thread(target=self._wait, daemon=True).start()
            self._poll()
        else:
            self._root.createfilehandler(self._stream.fileno(), tkinter.READABLE, self._readable)

    def _readable(self, _stream: object, _mask: int) -> None:
        part = os.read(self._stream.fileno(), 65536)
        *lines, self._begun_line = (self._begun_line + part).split(b"\n")
        if news := [said for said in map(decode, lines) if said is not None]:
            self._hear(news)
        if not part:
            self._root.deletefilehandler(self._stream.fileno())
            self._gone()

    def _wait(self) -> None:
        try:
            for said in told(self._stream):
                self._inbox.put(said)
        finally:
            self._inbox.put(None)

    def _poll(self) -> None:
        news: list[Frame | Look] = []
        ended = False
        while not self._inbox.empty():
            said = self._inbox.get()
            if said is None:
                ended = True
            else:
                news.append(said)
        if news:
            self._hear(news)
        if ended:
            self._gone()
        else:
            self._root.after(POLL_MILLISECONDS, self._poll)
