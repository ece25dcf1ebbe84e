"""A server that only enrols, written from the contract: codes that are good once, and whatever else is told to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STATION = {"station_id": "st-7", "station_name": 'PC-07 "Süd"', "url": "ws://inner:8000/ws/agent", "token": "t0k3n-7"}


class Desk:
    """`codes` are good; `instead` (status, headers, body) is answered in place of everything else."""

    def __init__(self) -> None:
        self.codes = {"7KQ2-M9XA"}
        self.instead: tuple[int, dict[str, str], object] | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], object]:
        self.asked.append((path, body))
        if self.instead is not None:
            return self.instead
        if path != "/api/v1/agent/enrol":
            return 404, {}, {"detail": "Not found."}
        if body["code"] not in self.codes:
            return 401, {}, {"code": "agent.invalid_code", "detail": "This enrolment code isn't valid. Make a new one."}
        self.codes.remove(body["code"])
        return 201, {}, STATION


@contextmanager
def open_desk() -> Iterator[Desk]:
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, said = desk.answer(self.path, body)
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
