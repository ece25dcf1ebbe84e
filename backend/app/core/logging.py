"""Structured logs: readable on the terminal, a JSON object a line in `LOG_DIR/gameops.log`, secrets cut out of both."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path
from typing import Any

import structlog

# 10 MB a file and five kept: a week of a busy venue, and never a full disk.
MAX_LOG_BYTES = 10_000_000
KEPT_LOG_FILES = 5

_SECRETS = re.compile(
    r"""(?ix)
    ( [?&](?:token|access_token)= | \bgameops_refresh= | \bbearer[\s,]+
    | "(?:password|token|access_token|refresh_token)"\s*:\s*" )
    [^\s&"',;]+
    """
)
# As PostgreSQL's "Failing row contains (...)" may quote them.
_HASHES = re.compile(r"\$argon2[^\s'\"),]+")


def redact(text: str) -> str:
    """The text with the value of every token and password, and every password's hash, replaced by `[redacted]`."""
    return _HASHES.sub("[redacted]", _SECRETS.sub(r"\1[redacted]", text))


class RedactingFilter(logging.Filter):
    """Cuts secrets out of a record before any handler sees it, uvicorn's own records included."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = redact(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(redact(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def _is_not_a_refusal(record: logging.LogRecord) -> bool:
    """uvicorn calls every socket that was answered with 401 or 403 an error of ours; the line before has its status."""
    return record.msg != "ASGI callable returned without completing handshake."


def _redact_event(_logger: Any, _name: str, event: Any) -> Any:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `log.info("what_happened", station=...)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure_logging(level: str, directory: Path | None) -> None:
    """Set up terminal and file. Safe to call again: the earlier set-up of ours is replaced."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.format_exc_info,
            _redact_event,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    handlers[0].setFormatter(_formatter(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())))
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            directory / "gameops.log", maxBytes=MAX_LOG_BYTES, backupCount=KEPT_LOG_FILES, encoding="utf-8"
        )
        file.setFormatter(_formatter(structlog.processors.JSONRenderer()))
        handlers.append(file)
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if getattr(handler, "gameops", False)]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.gameops = True  # type: ignore[attr-defined]
        handler.addFilter(RedactingFilter())
        root.addHandler(handler)
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING if name == "uvicorn.access" else level)
    logging.getLogger("uvicorn.error").addFilter(_is_not_a_refusal)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells twice of every look at the schema


def _formatter(renderer: Any) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, structlog.processors.format_exc_info, _redact_event],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
