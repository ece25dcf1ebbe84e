"""One process of the helper: what is told to it, what it answers, and when it ends. Used once.

Threads speak and listen, so that a helper that reads or says nothing holds up nobody, and that a lock can be confirmed
while the agent's loop waits for just that.
"""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

from agent.overlay_link import LOCKED, MAX_REPLY_BYTES, Chosen, Frame, Look, Shown, decode_reply, encode

SILENT_SECONDS = 3.0
"""The helper speaks each second; after so long without a word what it said last counts no more."""

MOST_LINES = 100
"""How many lines a second are listened to. A helper that talks more is left waiting, not the agent."""

END_SECONDS = 1.0
"""How long a helper may take to end after its input did."""


class HelperLink:
    """`heard` gets what the helper says anew, `ended` is told of its end; both are called in threads of this link."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        *,
        heard: Callable[[Shown | Chosen], None],
        ended: Callable[[], None],
    ) -> None:
        """`process` has pipes for its input and output; its errors come in its output."""
        self._process, self._heard, self._on_end = process, heard, ended
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._news = threading.Condition()
        self._shown: Shown | None = None
        self.words = 0
        """How many valid lines it has said."""
        self.ignored = 0
        """How many lines meant nothing."""
        self.last_line = ""
        """The last of those: usually why it ended."""
        self._heard_at = 0.0
        self.exit_code: int | None = None
        self.pid = process.pid
        self._reader = threading.Thread(target=self._listen, daemon=True)
        for thread in (self._reader, *(threading.Thread(target=each, daemon=True) for each in (self._say, self._wait))):
            thread.start()

    def tell(self, said: Look | Frame) -> None:
        """Say this to the helper; never waits."""
        self._outbox.put(encode(said))

    @property
    def shown(self) -> str | None:
        """What is on the screen, one of KINDS; None before the first word, and once it ended or fell silent."""
        fresh = time.monotonic() - self._heard_at < SILENT_SECONDS
        return self._shown.kind if self._shown and fresh and self.exit_code is None else None

    @property
    def grabbed(self) -> bool:
        """Whether the lock screen is there and another program has keyboard or pointer."""
        return self._shown is not None and self._shown.grabbed and self.shown == LOCKED

    def wait_until_shown(self, kind: str, seconds: float) -> bool:
        """Wait for the helper to say that this is on the screen, at most so long, and not at all for a dead one."""
        with self._news:
            self._news.wait_for(lambda: self.shown == kind or self.exit_code is not None, seconds)
            return self.shown == kind

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """End the helper's input, which ends the helper; kill one that stays. Takes END_SECONDS at most.

        A lock screen outlives its agent's death. This is no death, so it is killed at once.
        """
        self._outbox.put(None)
        with self._news:
            if self.shown == LOCKED or not self._news.wait_for(lambda: self.exit_code is not None, END_SECONDS):
                self._process.kill()

    def _say(self) -> None:
        stream = self._process.stdin
        assert stream is not None
        with suppress(OSError):  # it has ended; the thread that waits for that says so
            while (line := self._outbox.get()) is not None:
                stream.write(line)
                stream.flush()
        with suppress(OSError):
            stream.close()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        second, lines = 0.0, 0
        with stream:
            for line in _lines(stream):
                if time.monotonic() - second >= 1.0:
                    second, lines = time.monotonic(), 0
                lines += 1
                if lines > MOST_LINES:
                    time.sleep(max(0.0, second + 1.0 - time.monotonic()))
                self._take(line)

    def _take(self, line: bytes) -> None:
        said = decode_reply(line) if len(line) <= MAX_REPLY_BYTES else None
        if said is None:
            self.ignored += 1
            self.last_line = line[-500:].decode(errors="replace").strip() or self.last_line
            return
        with self._news:
            self.words += 1
            self._heard_at = time.monotonic()
            is_new = said != self._shown
            if isinstance(said, Shown):
                self._shown = said
            self._news.notify_all()
        if is_new:
            self._heard(said)

    def _wait(self) -> None:
        code = self._process.wait()
        self._reader.join(0.2)  # its last line may say why; what it started may hold its output open for longer
        with self._news:
            self.exit_code = code
            self._news.notify_all()
        self._outbox.put(None)
        self._on_end()


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines of any length, of each at most MAX_REPLY_BYTES + 1 bytes."""
    while line := stream.readline(MAX_REPLY_BYTES + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_REPLY_BYTES + 1)
