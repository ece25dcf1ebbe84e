"""The few things that are asked of the server over HTTP: enrolment, and how it is. Redirects are never followed."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from agent import __version__, tls
from agent.errors import ConfigError, NotReached

SECONDS = 10.0
MOST_BYTES = 64 * 1024
_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


class Answer(NamedTuple):
    """`body` is the JSON object of the answer; empty where it has none."""

    status: int
    body: dict[str, object]
    headers: Message


def base_of(address: str) -> str:
    """`http(s)://HOST[:PORT][/PATH]` of what a person types or `backend.url` says. Raises ConfigError."""
    parts = urlsplit(address.strip())
    try:
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise ConfigError(f"{address!r} is no server's address. Expected one such as http://HOST:8000 or https://HOST.")
    path = re.sub(r"/+(ws/agent/*)?$", "", parts.path)
    return f"{_SCHEMES[parts.scheme]}://{parts.netloc}{path}"


def socket_of(base: str) -> str:
    """The `backend.url` of a server whose base is `base`."""
    return f"{base.replace('http', 'ws', 1)}/ws/agent"


def ask(method: str, url: str, *, ca: Path | None, body: Mapping[str, object] | None = None) -> Answer:
    """One request. Raises NotReached, in words, and ConfigError for a CA that can't be used."""
    parts = urlsplit(url)
    context = tls.context(url, ca)
    connection = (
        http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
        if context is None
        else http.client.HTTPSConnection(parts.netloc, timeout=SECONDS, context=context)
    )
    headers = {"User-Agent": f"GameOps-Agent/{__version__}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(method, parts.path or "/", None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return Answer(response.status, _object(response.read(MOST_BYTES)), response.headers)
    except ssl.SSLError as error:
        raise NotReached(tls.explain(error, parts.netloc, ca)) from None
    except TimeoutError:
        raise NotReached(f"{parts.netloc} doesn't answer within {SECONDS:.0f} s. Check address and network") from None
    except (http.client.HTTPException, ConnectionResetError):
        raise NotReached(
            f"what answers at {parts.netloc} doesn't speak {parts.scheme}. Check the port, and http against https"
        ) from None
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        raise NotReached(f"{parts.netloc} can't be reached ({why}). Check address, network and firewall") from None
    finally:
        connection.close()


def _object(content: bytes) -> dict[str, object]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
