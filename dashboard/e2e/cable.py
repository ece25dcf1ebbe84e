"""The cable between a desk and the server, which somebody's foot pulls out and another hand plugs in again."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

PIECE = 65_536


class Cable:
    """Carries TCP from a port of its own to the server. Cut, it refuses who comes and drops who is there."""

    def __init__(self, url: str) -> None:
        far = urlsplit(url)
        self._far = (str(far.hostname), int(far.port or 80))
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._near = self._listen(0)
        self.port: int = self._near.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        with contextlib.suppress(OSError):  # it is cut already
            self._near.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
        self._near.close()
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        self._near = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        near = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, args=(near,), daemon=True).start()
        return near

    def _accept(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                came, _ = near.accept()
                gone = socket.create_connection(self._far)
                with self._lock:
                    self._ends |= {came, gone}
                for source, to in ((came, gone), (gone, came)):
                    threading.Thread(target=self._carry, args=(source, to), daemon=True).start()

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                to.sendall(piece)
        for end in (source, to):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._ends.discard(end)
