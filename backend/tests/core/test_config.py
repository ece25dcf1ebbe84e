"""Settings: what is missing or wrong stops the start with a sentence that says what to do."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.bootstrap.starting import only_server
from app.core import config
from app.core.config import BACKEND_DIR, Settings, load_settings, require_secret
from app.core.errors import ConfigurationError
from tests.support.people import SECRET_KEY

POSTGRES = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
HOW = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def load(**values: object) -> Settings:
    return load_settings(_env_file=None, **values)


def refused(**values: object) -> str:
    """The sentence that stops the start."""
    with pytest.raises(ConfigurationError) as error:
        require_secret(load(**values))
    return str(error.value)


@pytest.fixture(autouse=True)
def _somewhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Relative addresses of databases lead into this test's own directory."""
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_it_is_sqlite_in_the_data_directory(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path / "new")
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path / 'new' / 'gameops.db'}"
    assert settings.is_sqlite
    assert settings.redis_url is None
    assert (settings.jwt_algorithm, settings.access_token_expire_minutes, settings.cors_origins) == ("HS256", 30, ())
    assert (settings.redis_max_connections, settings.redis_health_check_seconds) == (50, 30)
    assert settings.redis_timeout_seconds == 5.0


def test_the_published_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql+asyncpg://user:pass@localhost:5432/evms",
        "REDIS_URL": "redis://localhost:6379/0",
        "SECRET_KEY": SECRET_KEY,
        "JWT_ALGORITHM": "HS512",
        "ACCESS_TOKEN_EXPIRE_MINUTES": "45",
        "CORS_ORIGINS": "http://localhost:3000, https://admin.venue.local/",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert not settings.is_sqlite
    assert settings.redis_url == "redis://localhost:6379/0"
    assert (settings.secret_key, settings.jwt_algorithm, settings.access_token_expire_minutes) == (
        SECRET_KEY,
        "HS512",
        45,
    )
    assert settings.cors_origins == ("http://localhost:3000", "https://admin.venue.local")


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("SECRET_KEY", "")
    settings = load(data_dir=tmp_path)
    assert (settings.redis_url, settings.secret_key) == (None, "")


def test_sqlite_makes_a_missing_key_once_and_keeps_it_for_its_owner_only(tmp_path: Path) -> None:
    first, second = load(data_dir=tmp_path / "data"), load(data_dir=tmp_path / "data")
    kept = tmp_path / "data" / "secret_key"
    assert require_secret(first) == str(kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert require_secret(second) is None
    assert first.secret_key == second.secret_key == kept.read_text(encoding="ascii").strip()
    assert len(first.secret_key) >= 48


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("by_url", [False, True], ids=["DATA_DIR", "DATABASE_URL"])
def test_a_new_sqlite_database_is_its_owner_s_only(tmp_path: Path, by_url: bool) -> None:
    """Its side files, too."""
    file = tmp_path / "new" / "gameops.db"
    settings = load(database_url=f"sqlite+aiosqlite:///{file}") if by_url else load(data_dir=file.parent)
    with sqlite3.connect(settings.database_url.removeprefix("sqlite+aiosqlite:///")) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (a)")
        files = list(file.parent.iterdir())
        assert len(files) == 3
        assert {mode(each) for each in files} == {0o600}
    db.close()
    assert mode(file.parent) == 0o700


def test_what_was_open_is_tightened_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The directory only where it is GameOps' own: another one may be there for others."""
    for own in (True, False):
        directory = tmp_path / f"own-{own}"
        monkeypatch.setattr(config, "OWN_DATA_DIR", tmp_path / "own-True")
        directory.mkdir(mode=0o755)
        files = [directory / f"gameops.db{end}" for end in ("", "-wal", "-shm")]
        for file in files:
            file.touch()
            file.chmod(0o644)
        url = f"sqlite+aiosqlite:///{files[0]}"
        load(database_url=url)
        said = capsys.readouterr().err
        assert {mode(file) for file in files} == {0o600}
        assert mode(directory) == (0o700 if own else 0o755)
        assert said.count("was open to others") == (4 if own else 3)
        assert str(files[0]) in said
        load(database_url=url)
        assert capsys.readouterr().err == ""


def test_a_key_that_was_made_and_never_written_is_made_again(tmp_path: Path) -> None:
    """The process ended in between: the next one doesn't stay away because of that."""
    kept = tmp_path / "secret_key"
    kept.touch()
    settings = load(data_dir=tmp_path)
    assert require_secret(settings) == str(kept)
    assert kept.read_text(encoding="ascii").strip() == settings.secret_key
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*secret*")] == ["secret_key"]


def test_a_redis_without_its_scheme_is_refused_in_a_sentence() -> None:
    for url in ("localhost:6379", "http://localhost:6379"):
        assert "REDIS_URL: must start with redis://" in refused(redis_url=url)


def test_a_key_that_is_set_is_used_and_none_is_kept(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path, secret_key=SECRET_KEY)
    assert require_secret(settings) is None
    assert settings.secret_key == SECRET_KEY
    assert not (tmp_path / "secret_key").exists()


def test_with_postgresql_a_missing_key_stops_the_start() -> None:
    sentence = refused(database_url=POSTGRES)
    assert sentence.startswith("SECRET_KEY is not set")
    assert HOW in sentence


@pytest.mark.parametrize("url", [POSTGRES, "sqlite+aiosqlite:///x.db"], ids=["postgresql", "sqlite"])
def test_the_published_placeholder_stops_the_start_everywhere(url: str) -> None:
    for placeholder in ("your-secret-key-here", "Your-Secret-Key-Here", "changeme", "secret"):
        sentence = refused(database_url=url, secret_key=placeholder)
        assert "published example" in sentence
        assert HOW in sentence


@pytest.mark.parametrize("url", [POSTGRES, "sqlite+aiosqlite:///x.db"], ids=["postgresql", "sqlite"])
def test_a_weak_key_stops_the_start_everywhere(url: str) -> None:
    for weak in ("hunter2", "x" * 31, "abc" * 20, "0123456789abcdef0123456789abcde"):
        sentence = refused(database_url=url, secret_key=weak)
        assert "too weak" in sentence
        assert HOW in sentence


def test_a_key_is_at_least_as_long_as_its_algorithm_s_hash() -> None:
    """RFC 7518, section 3.2."""
    good = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
    for algorithm, least in (("HS256", 32), ("HS384", 48), ("HS512", 64)):
        values = {"database_url": POSTGRES, "jwt_algorithm": algorithm}
        assert f"{least} characters" in refused(**values, secret_key=good[: least - 1])
        assert require_secret(load(**values, secret_key=good[:least])) is None


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"database_url": "mysql://x"}, "DATABASE_URL"),
        ({"database_url": "postgresql://user@host/db"}, "postgresql+asyncpg://"),
        ({"jwt_algorithm": "none"}, "JWT_ALGORITHM"),
        ({"access_token_expire_minutes": "soon"}, "ACCESS_TOKEN_EXPIRE_MINUTES"),
        ({"access_token_expire_minutes": 0}, "ACCESS_TOKEN_EXPIRE_MINUTES"),
        ({"log_level": "LOUD"}, "LOG_LEVEL"),
        ({"cors_origins": "*"}, "CORS_ORIGINS: can't hold *"),
        ({"cors_origins": "https://admin.venue.local,https://*.venue.local"}, "Name each origin"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_that_makes_no_sense_is_named(values: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match="The settings can't be used") as error:
        load(**values)
    assert named in str(error.value)


def test_the_example_file_names_every_published_variable() -> None:
    example = (BACKEND_DIR / ".env.example").read_text(encoding="utf-8")
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "JWT_ALGORITHM", "ACCESS_TOKEN_EXPIRE_MINUTES"):
        assert f"{name}=" in example
    assert "CORS_ORIGINS=" in example


def test_a_lock_file_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "gameops.lock").mkdir()
    with pytest.raises(ConfigurationError, match=r"gameops\.lock.* can't be written: Is a directory"):
        only_server(load(data_dir=tmp_path))


def run_server(environment: Mapping[str, str], place: Path) -> subprocess.CompletedProcess[str]:
    """The published command, which must fail by itself."""
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "0"],
        cwd=BACKEND_DIR,
        env={**clean, "LOG_DIR": str(place / "logs"), "DATA_DIR": str(place / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": "your-secret-key-here"}, "SECRET_KEY is still the published example"),
        ({"DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": POSTGRES, "SECRET_KEY": SECRET_KEY}, "can't be reached"),
        ({"SECRET_KEY": SECRET_KEY}, "alembic upgrade head"),
        ({"RUN_JOBS": "false"}, "RUN_JOBS=false needs PostgreSQL"),
        ({"LOG_DIR": "/dev/null/logs"}, "Check LOG_DIR."),
        ({"DATA_DIR": "/dev/null/data"}, "Check DATA_DIR."),
        ({"DATA_DIR": "/dev/null/data", "DATABASE_URL": "sqlite+aiosqlite:///:memory:"}, "or set SECRET_KEY."),
    ],
    ids=[
        *("placeholder", "unknown database", "database away", "not migrated", "nobody for the jobs"),
        *("no place for the log", "no place for the database", "no place for the key"),
    ],
)
def test_the_published_command_stops_with_one_sentence_and_no_trace(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    done = run_server(environment, tmp_path)
    assert done.returncode != 0
    assert "GameOps can't start." in done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
