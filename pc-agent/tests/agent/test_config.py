"""config.yaml, .env and environment: what is read, which wins, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import config
from agent.errors import ConfigError

PUBLISHED = Path(__file__).parents[2] / "config.yaml"
MINIMAL = 'station: {id: "st-1"}\nbackend: {url: "ws://h:8000/ws/agent", token: "t"}\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_published_file_is_read_whole() -> None:
    """The config.yaml of the specification gives exactly its values."""
    read = config.load(PUBLISHED, {})

    assert ("station-uuid-here", "PC-01") == (read.station.id, read.station.name)
    assert ("ws://localhost:8000/ws/agent", "agent-auth-token") == (read.backend.url, read.backend.token)
    assert config.Features(auto_lock=True, auto_logout=True, show_overlay=True) == read.features
    assert (300, 60, 60) == (read.session.warning_time, read.session.grace_period, read.system.monitor_interval)
    assert config.still_example(read)


def test_sections_that_are_missing_have_the_published_values(tmp_path: Path) -> None:
    read = config.load(write(tmp_path, MINIMAL + "session:\n"), {})

    assert config.Session(warning_time=300, grace_period=60) == read.session
    assert 1 == read.simulated.logon_delay
    assert not config.still_example(read)


def test_environment_beats_dotenv_beats_file(tmp_path: Path) -> None:
    path = write(tmp_path, MINIMAL)
    (tmp_path / ".env").write_text('# a comment\nSTATION_ID="from-dotenv"\nexport AGENT_TOKEN=from-dotenv\nOTHER=1\n')

    read = config.load(path, {"STATION_ID": "from-environment"})

    assert ("from-environment", "from-dotenv", "ws://h:8000/ws/agent") == (
        read.station.id,
        read.backend.token,
        read.backend.url,
    )


def test_dotenv_alone_can_carry_what_the_file_lacks(tmp_path: Path) -> None:
    path = write(tmp_path, "features: {auto_lock: false}\n")
    (tmp_path / ".env").write_text("STATION_ID=s\nAGENT_TOKEN=t\nBACKEND_URL=wss://host/ws/agent\n")

    read = config.load(path, {})

    assert ("s", "t", "wss://host/ws/agent") == (read.station.id, read.backend.token, read.backend.url)
    assert read.features.auto_lock is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MINIMAL + "session: {warning_time: soon}\n", 'session.warning_time is "soon". Expected seconds'),
        (MINIMAL + "session: {grace_period: -1}\n", "session.grace_period is -1. Expected seconds"),
        (MINIMAL + "features: {auto_lock: 7}\n", "features.auto_lock is 7. Expected true or false"),
        (MINIMAL + "session: {warning: 5}\n", "session.warning is not a setting of the agent. Expected one of: "),
        (MINIMAL + "system: {monitor_interval: 0}\n", "system.monitor_interval is 0. Expected seconds"),
        ('station: {name: "PC"}\nbackend: {url: "ws://h/a", token: "t"}\n', "station.id is missing. Expected the"),
        ('station: {id: "s"}\n', "backend is missing. Expected a section with `url` and `token`"),
        ('station: {id: "s"}\nbackend: {url: "http://h", token: "t"}\n', 'backend.url is "http://h". Expected an addr'),
        (
            'station: {id: 17}\nbackend: {url: "ws://h/a", token: "t"}\n',
            "station.id is 17 without quotes. Expected the",
        ),
        (
            'station: {id: "s", name: 7}\n',
            "station.name is 7 without quotes. Expected the station's name, such as PC-01, in",
        ),
        ('station: {id: "s", name: on}\n', "station.name is true without quotes. Expected"),
        ('station: {id: "s", name: [7]}\n', "station.name is [7]. Expected the station's name, such as PC-01."),
        ('station: [1]\nbackend: {url: "ws://h/a", token: "t"}\n', "station is [1]. Expected a section with `id`"),
        ("station: {id: [\n", "line 2: not valid YAML"),
        (
            "station:\nid: s\nbackend: {url: 'ws://h', token: t}\n",
            "id stands at the start of its line; indent it by two",
        ),
        ("station:\n  id: s\n   name: n\n", "line 3: not valid YAML (mapping values are not allowed here); expected"),
        ("just words\n", "expected the sections station, backend"),
    ],
)
def test_a_wrong_value_names_file_key_and_what_is_expected(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        config.load(path, {})

    assert str(path) in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "url", ["ws://h:abc/a", "ws://h:99999/a", "ws://h:0/a", "ws://a..b/a", "ws://[::1/a", "ws://h/a#b", "ws://h/a?b=c"]
)
def test_an_address_that_can_never_work_is_a_wrong_value(tmp_path: Path, url: str) -> None:
    path = write(tmp_path, f'station: {{id: "s"}}\nbackend: {{url: "{url}", token: "t"}}\n')

    with pytest.raises(ConfigError) as caught:
        config.load(path, {})

    assert f'{path}: backend.url is "{url}". Expected an address such as ws://HOST' in str(caught.value)


def test_a_wrong_token_is_not_repeated(tmp_path: Path) -> None:
    """A secret of the wrong type must not end up on a terminal or in a ticket."""
    path = write(tmp_path, 'station: {id: "s"}\nbackend: {url: "ws://h/a", token: [sesame]}\n')

    with pytest.raises(ConfigError, match=r"backend\.token is hidden") as caught:
        config.load(path, {})

    assert "sesame" not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml doesn't exist\. Expected the agent's config\.yaml"):
        config.load(tmp_path / "nowhere.yaml", {})


def test_a_file_that_is_not_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xff\xfe\x00\x9d")

    with pytest.raises(ConfigError, match=r"can't be read .* Expected a UTF-8 text file"):
        config.load(path, {})
