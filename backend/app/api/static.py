"""The built dashboard at `/`. Hashed files are kept for ever by browsers, everything else is asked for again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>GameOps</title>
<body style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
<h1>GameOps is running</h1><p>The dashboard isn't built yet. Run <code>make run</code>, or in <code>dashboard/</code>
<code>npm ci</code> and <code>npm run build</code>, and load this page again.</p>
<p>The API is described at <a href="/docs">/docs</a>.</p>"""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Dashboard(StaticFiles):
    """The static export, with its content security policy."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True, check_dir=False)
        self.config_checked = True  # a dashboard that isn't built yet is no accident: it gets a page that says so
        self._root = directory

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or a page that says how to build it."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code == 404 and path in ("", ".", "/") and not self._root.is_dir():
                return HTMLResponse(NOT_BUILT, headers={"Cache-Control": "no-cache"})
            raise
        immutable = path.startswith("_next/static/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
        if path.endswith(".webmanifest"):
            response.headers["Content-Type"] = "application/manifest+json"
        if response.headers.get("content-type", "").startswith("text/html"):
            response.headers["Content-Security-Policy"] = content_security_policy(self._root)
        return response


def content_security_policy(root: Path) -> str:
    """The policy of the dashboard's pages. `csp.json` holds the hashes of the export's inline scripts."""
    try:
        hashes: list[Any] = orjson.loads((root / "csp.json").read_bytes()).get("script-src", [])
    except (FileNotFoundError, NotADirectoryError):
        hashes = []
    scripts = " ".join(["'self'", *map(str, hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
