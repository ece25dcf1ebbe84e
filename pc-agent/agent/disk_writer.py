"""Writes a file apart, in a thread of its own: a slow disk holds up nobody who doesn't wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from agent import disk


class DiskWriter:
    """Replaces the file at `path` as a whole with the newest content that it was given.

    `finished` is called in that thread after each content that was written or refused.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.finished: Callable[[], None] = lambda: None
        self._news = threading.Condition()
        self._next: bytes | None = None
        self._given = 0
        self._thread: threading.Thread | None = None
        self.done = 0
        """The number of the newest content that the disk has taken or refused; what was overtaken counts as well."""
        self.refused: OSError | None = None
        """What the disk said to that one; None if it took it."""

    def give(self, content: bytes) -> int:
        """Have this written soon; never waits. Answers its number."""
        with self._news:
            self._next, self._given = content, self._given + 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="disk", daemon=True)
                self._thread.start()
            self._news.notify_all()
            return self._given

    def wait(self, number: int) -> None:
        """Wait until the content of that number, or a newer one, is on the disk. Raises OSError when it refuses."""
        with self._news:
            self._news.wait_for(lambda: self.done >= number)
            if self.refused:
                raise self.refused

    def _write(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._next is not None)
                content, number, self._next = self._next, self._given, None
            assert content is not None
            refused: OSError | None = None
            try:
                disk.replace(self._path, content)
            except OSError as error:
                refused = error
            except Exception as error:  # whoever waits for this thread would wait for ever
                refused = OSError(repr(error))
            with self._news:
                self.done, self.refused = number, refused
                self._news.notify_all()
            self.finished()
