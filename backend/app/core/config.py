"""Settings: read once from the environment and `backend/.env`, checked before anything else starts."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

from app.core.errors import ConfigurationError

BACKEND_DIR = Path(__file__).resolve().parents[2]
OWN_DATA_DIR = BACKEND_DIR.parent / "data"

# RFC 7518, section 3.2: a key has at least as many bits as the hash of its algorithm.
MIN_SECRET_LENGTHS = {"HS256": 32, "HS384": 48, "HS512": 64}
PUBLISHED_PLACEHOLDERS = ("your-secret-key-here", "changeme", "change-me", "secret")
HOW_TO_MAKE_A_KEY = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


class Settings(BaseSettings):
    """Every setting of the server. Names are the environment variables', in lower case; times are in the unit named."""

    model_config = SettingsConfigDict(env_file=BACKEND_DIR / ".env", extra="ignore", env_ignore_empty=True)

    database_url: str = ""
    redis_url: str | None = None
    secret_key: str = ""
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    access_token_expire_minutes: int = Field(default=30, ge=1, le=24 * 60)
    refresh_token_expire_days: int = Field(default=30, ge=1, le=365)
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()

    data_dir: Path = OWN_DATA_DIR
    log_dir: Path = BACKEND_DIR / "logs"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    dashboard_dir: Path = BACKEND_DIR.parent / "dashboard" / "out"
    run_jobs: bool = True

    login_limit_per_minute: int = Field(default=10, ge=1)
    login_address_limit_per_minute: int = Field(default=10, ge=1)
    enrol_limit_per_minute: int = Field(default=5, ge=1)
    api_limit_per_second: int = Field(default=500, ge=1)

    metrics_retention_days: int = Field(default=7, ge=1, le=3650)
    commands_retention_days: int = Field(default=90, ge=1, le=3650)

    metrics_token: str | None = Field(default=None, min_length=16)

    redis_max_connections: int = Field(default=50, ge=1)
    redis_health_check_seconds: int = Field(default=30, ge=1)
    redis_timeout_seconds: float = Field(default=5.0, gt=0)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())
        return value

    @field_validator("cors_origins", mode="after")
    @classmethod
    def _no_wildcard(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("*" in origin for origin in value):
            raise ValueError(
                "can't hold *, since then every page that somebody of the venue opens could act in their name. "
                "Name each origin, such as https://admin.venue.local"
            )
        return value

    @field_validator("database_url", mode="after")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
            raise ValueError("must start with postgresql+asyncpg:// or sqlite+aiosqlite://")
        return value

    @field_validator("redis_url", mode="after")
    @classmethod
    def _known_redis(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://, such as redis://localhost:6379/0")
        return value

    @property
    def is_sqlite(self) -> bool:
        """True for the embedded default."""
        return self.database_url.startswith("sqlite")


def load_settings(**overrides: object) -> Settings:
    """Read and complete the settings.

    Raises `ConfigurationError`, whose sentence names the variable and says what to do about it.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in e['loc']).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise ConfigurationError("The settings can't be used. " + "; ".join(lines) + ".") from None
    setting = "DATABASE_URL"
    if not settings.database_url:
        setting = "DATA_DIR"
        settings.database_url = f"sqlite+aiosqlite:///{settings.data_dir.resolve() / 'gameops.db'}"
    file = _file_of(settings.database_url)
    if file is not None:
        _keep_private(file, setting)
    return settings


def _file_of(database_url: str) -> Path | None:
    """The file of an SQLite database; None for one in memory, or PostgreSQL's."""
    url = make_url(database_url)
    named = url.database or ""
    if url.get_backend_name() != "sqlite" or named in ("", ":memory:") or named.startswith("file:"):
        return None
    return Path(named)


def _keep_private(path: Path, setting: str) -> None:
    """Let only its owner read the database: it holds password hashes. SQLite gives its side files the same mode.

    What is too open is tightened, and that is said. A directory that isn't ours by its name may be for others, too.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigurationError(f"The database {path} can't be written: {error.strerror}. Check {setting}.") from error
    ours = [path.parent] if path.parent.resolve() == OWN_DATA_DIR.resolve() else []
    for each in (*ours, path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        try:
            mode = stat.S_IMODE(each.stat().st_mode)
            if mode & 0o077:
                each.chmod(mode & 0o700)
                sys.stderr.write(f"{each} was open to others on this machine. Now only its owner may read it.\n")
        except FileNotFoundError:
            continue
        except PermissionError:
            sys.stderr.write(f"{each} is open to others on this machine. Its owner mends that: chmod go-rwx {each}\n")


def require_secret(settings: Settings) -> str | None:
    """Make sure that `secret_key` is there and strong; returns where a new one was kept, if one was made.

    Only the embedded default makes its own key: with PostgreSQL several processes must share one, so it has to be set.
    """
    made_at: str | None = None
    if not settings.secret_key and settings.is_sqlite:
        path = settings.data_dir / "secret_key"
        try:
            settings.secret_key, made_at = _kept_secret(path)
        except OSError as error:
            raise ConfigurationError(
                f"The key {path} can't be read or made: {error.strerror}. Check DATA_DIR, or set SECRET_KEY."
            ) from error
    if not settings.secret_key:
        raise ConfigurationError(f"SECRET_KEY is not set, and PostgreSQL needs it set. {HOW_TO_MAKE_A_KEY}")
    if settings.secret_key.lower() in PUBLISHED_PLACEHOLDERS:
        raise ConfigurationError(f"SECRET_KEY is still the published example. {HOW_TO_MAKE_A_KEY}")
    least = MIN_SECRET_LENGTHS[settings.jwt_algorithm]
    if len(settings.secret_key) < least or len(set(settings.secret_key)) < 10:
        raise ConfigurationError(
            f"SECRET_KEY is too weak: it needs {least} characters or more, chosen at random. {HOW_TO_MAKE_A_KEY}"
        )
    return made_at


def _kept_secret(path: Path) -> tuple[str, str | None]:
    with suppress(FileNotFoundError):
        if kept := path.read_text(encoding="ascii").strip():
            return kept, None
        path.unlink()  # the process that made it ended before it wrote it
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_urlsafe(48)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # whole or not at all, and never over another's
    except FileExistsError:  # another process made it meanwhile
        return path.read_text(encoding="ascii").strip(), None
    finally:
        fresh.unlink()
    return value, str(path)
