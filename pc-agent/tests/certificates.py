"""A venue's own CA, what it signed, and a server with TLS: uvicorn, as the venue runs it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=20)


class Authority:
    """A CA whose files lie in `folder`; `ca` is its certificate."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.ca = folder, folder / "ca.pem"
        openssl(
            folder, "req", "-x509", *CURVE, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Venue"
        )

    def issue(self, name: str, *, days: int = 30) -> Path:
        """A certificate with its key for `name` (`DNS:localhost`, `IP:127.0.0.1`), in one file."""
        folder, both = self.folder, self.folder / f"{name.replace(':', '-')}{days}.pem"
        (folder / "names").write_text(f"subjectAltName={name}\n")
        openssl(folder, "req", *CURVE, "-keyout", "key.pem", "-subj", "/CN=server", "-out", "request.pem")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", str(days))
        openssl(folder, "x509", "-req", "-in", "request.pem", *signing, "-out", "cert.pem")
        both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
        return both


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class TlsServer:
    """Answers `/health/live` over HTTPS and greets over WSS, with `certificate` from `Authority.issue`."""

    def __init__(self, certificate: Path) -> None:
        self.certificate = certificate
        self.port = 0
        self.asked: list[str] = []
        self.answer: tuple[int, object] = (200, {})
        """Status and JSON of every HTTP answer."""

    @property
    def url(self) -> str:
        return f"wss://localhost:{self.port}/ws/agent"

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "lifespan":
            return
        self.asked.append(scope["path"])
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": self.answer[0], "headers": [], "trailers": False})
            content = json.dumps(self.answer[1]).encode()
            await send({"type": "http.response.body", "body": content, "more_body": False})
            return
        await receive()
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        await send({"type": "websocket.send", "bytes": None, "text": json.dumps({"type": "server_hello", "data": {}})})
        while (await receive())["type"] != "websocket.disconnect":
            pass


@asynccontextmanager
async def serving(certificate: Path) -> AsyncIterator[TlsServer]:
    app = TlsServer(certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    app.port = listener.getsockname()[1]
    server = _Uvicorn(uvicorn.Config(app, log_config=None, lifespan="off", ssl_certfile=str(certificate)))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield app
    finally:
        server.should_exit = server.force_exit = True
        await asyncio.wait_for(task, 10)
        listener.close()
