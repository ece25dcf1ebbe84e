"""What the venue and its zones look like to other parts and over HTTP."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    computed_field,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.domain.venues import texts

# So many languages fill a row of a lock screen.
MAX_LANGUAGES = 12
# Far more than every text in a few languages; a message to an agent has at most 64 KiB.
MAX_OWN_TEXTS_BYTES = 16 * 1024
# A week in minutes: above what any venue sells at once, and small enough for every sum.
MAX_SESSION_MINUTES = 10_080
# What agents are told as it is where it is set; and all on which it depends what they are told.
POLICY_KEYS = ("warning_seconds", "grace_seconds", "auto_lock", "auto_logout", "lock_mode", "house_message")
TOLD_TO_AGENTS = frozenset({*POLICY_KEYS, "locale", "name", "never_opened_seconds", "languages", "texts"})

# What a venue is called, speaks, and gives a PC to open, until somebody says otherwise; agents need not be told.
DEFAULT_NAME = "My venue"
DEFAULT_LOCALE = "en"
DEFAULT_NEVER_OPENED_SECONDS = 600


class Position(BaseModel):
    """Place and size on the floor plan, in its units (one unit is one CSS pixel at 100 %)."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    x: int = Field(ge=0, le=20_000)
    y: int = Field(ge=0, le=20_000)
    w: int = Field(ge=8, le=20_000)
    h: int = Field(ge=8, le=20_000)

    @classmethod
    def of(cls, row: Any) -> Position | None:
        """The position in a row with columns x, y, w and h; None where it has none."""
        return None if row.x is None else cls(x=row.x, y=row.y, w=row.w, h=row.h)


class ShownLanguage(BaseModel):
    """A language of the PCs' screens."""

    tag: str
    name: str | None = Field(description="What it calls itself on the lock screen; null while nobody has said that.")
    left_in_english: list[str] = Field(
        description="Keys of the texts that are shown in English, since neither the server nor the venue has them."
    )


class VenueOut(BaseModel):
    """The venue's settings. Null means that the venue leaves it to each PC."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    name: str
    time_zone: str = Field(description="IANA name, such as Europe/Madrid.")
    day_start_minutes: int = Field(description="When the business day starts, in minutes after local midnight.")
    locale: str
    min_minutes: int
    max_minutes: int
    step_minutes: int
    warning_seconds: int | None
    grace_seconds: int | None
    auto_lock: bool | None
    auto_logout: bool | None
    lock_mode: str | None
    house_message: str | None = Field(description="The venue's own line on the lock screens.")
    languages: list[str] | None = Field(description="What players can choose on the lock screen beside the locale.")
    texts: dict[str, dict[str, str]] | None = Field(description="The venue's own words: texts by key, by language.")
    max_pause_minutes: int = Field(description="A pause ends by itself after this.")
    unconfirmed_seconds: int = Field(description="After this the desk is warned that a PC hasn't opened.")
    never_opened_seconds: int = Field(description="After this a session that never opened is ended; no time was used.")
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shown_languages(self) -> list[ShownLanguage]:
        """The locale, then what can be chosen beside it."""
        own = self.texts or {}
        return [
            ShownLanguage(tag=tag, name=texts.name(tag, own), left_in_english=texts.left_in_english(tag, own))
            for tag in dict.fromkeys([self.locale, *(self.languages or ())])
        ]

    def local_time(self, instant: datetime) -> str:
        """Hours and minutes on the venue's own clock, for sentences."""
        return instant.astimezone(ZoneInfo(self.time_zone)).strftime("%H:%M")

    def local_moment(self, instant: datetime, now: datetime) -> str:
        """The same, with the date where that isn't today's."""
        zone = ZoneInfo(self.time_zone)
        there = instant.astimezone(zone)
        today = there.date() == now.astimezone(zone).date()
        return there.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")

    def policy(self) -> dict[str, Any]:
        """What is sent to agents: only the keys that the venue has set. They beat a PC's own `config.yaml`."""
        chosen = {key: getattr(self, key) for key in POLICY_KEYS if getattr(self, key) is not None}
        if self.locale != DEFAULT_LOCALE:
            chosen["locale"] = self.locale
        if self.name != DEFAULT_NAME:
            chosen["venue_name"] = self.name
        if self.never_opened_seconds != DEFAULT_NEVER_OPENED_SECONDS:
            chosen["never_opened_seconds"] = self.never_opened_seconds
        if told := texts.told(self.locale, self.languages or (), self.texts or {}):
            chosen["texts"] = told
        return chosen


class LockMode(StrEnum):
    """How a PC without a session is closed: our own lock screen, or the operating system's."""

    KIOSK = "kiosk"
    WORKSTATION = "workstation"


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("There is no time zone of that name. Use an IANA name, such as Europe/Madrid.")
    return name


# RFC 5646, 2.1: a language, then script and region where they matter; the rest isn't for a venue to choose.
_LOCALE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)


def _canonical_locale(tag: str) -> str:
    found = _LOCALE.fullmatch(tag)
    if found is None:
        raise ValueError("A locale is a language, with a region where it matters: en, es-ES, zh-Hant-TW.")
    language, script, region = (part or "" for part in found.groups())
    return "-".join(part for part in (language.lower(), script.title(), region.upper()) if part)


def _name(longest: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=r"^[^\x00-\x1f]+$")


def _line(longest: int) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=longest, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
    )


def _each_once(tags: list[str]) -> list[str] | None:
    twice = sorted({tag for tag in tags if tags.count(tag) > 1})
    if twice:
        raise PydanticCustomError("twice", "{tag} is there more than once.", {"tag": twice[0]})
    return tags or None


def _own_texts(given: Any, handler: ValidatorFunctionWrapHandler) -> dict[str, dict[str, str]] | None:
    """Own words that fit, each fault under its own field; null where there are none."""
    own: dict[str, dict[str, str]] = handler(given)
    if len(own) < len(given):
        raise PydanticCustomError("twice", "A language is there more than once, in different spellings.")
    faults = [
        InitErrorDetails(type=PydanticCustomError("text", "{fault}", {"fault": fault}), loc=(tag, key), input=text)
        for tag, words in own.items()
        for key, text in words.items()
        for fault in texts.faults(key, text)
    ]
    if faults:
        raise ValidationError.from_exception_data("texts", faults)
    if (size := texts.size_bytes(own)) > MAX_OWN_TEXTS_BYTES:
        raise PydanticCustomError(
            "too_long",
            "These are {size} bytes, and a venue's own words have at most {most}.",
            {"size": size, "most": MAX_OWN_TEXTS_BYTES},
        )
    return {tag: words for tag, words in own.items() if words} or None


def schema_with(*examples: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Examples for the document; and what may be left out but not be null has no default there."""

    def finish(schema: dict[str, Any]) -> None:
        schema["examples"] = list(examples)
        for field in schema["properties"].values():
            if field.get("default", 0) is None and "anyOf" not in field:
                del field["default"]

    return finish


# The longest grace that a venue may set or an agent may claim; a hello that says more is not believed.
MAX_GRACE_SECONDS = 3600

# The default of fields that may be left out but not be null; `model_fields_set` tells whether they were.
LEFT_OUT: Any = None

VenueName = Annotated[str, _name(120)]
ZoneName = Annotated[str, _name(80)]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Locale = Annotated[str, StringConstraints(max_length=16), AfterValidator(_canonical_locale)]
Line = Annotated[str, _line(160)]
Languages = Annotated[list[Locale], Field(max_length=MAX_LANGUAGES), AfterValidator(_each_once)]
# More than there are, and few enough to answer for each what is wrong with it.
OfLanguage = Annotated[dict[Annotated[str, StringConstraints(max_length=64)], Line], Field(max_length=100)]
Texts = Annotated[dict[Locale, OfLanguage], Field(max_length=30), WrapValidator(_own_texts)]
Minutes = Annotated[int, Field(ge=1, le=MAX_SESSION_MINUTES, strict=True)]


class VenuePatch(BaseModel):
    """What to change of the venue; what is left out stays. Null leaves a policy to each PC's own configuration."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=schema_with(
            {"time_zone": "Europe/Madrid", "locale": "es-ES", "grace_seconds": 90, "expected_version": 3},
            {"grace_seconds": None},
            {
                "locale": "tr",
                "languages": ["en", "ar"],
                "house_message": "Wi-Fi: Arena, şifre barda",
                "texts": {"tr": {"lock.ask": "Oynamak için bara gel."}},
            },
        ),
    )

    name: VenueName = LEFT_OUT
    time_zone: TimeZone = Field(default=LEFT_OUT, description="IANA name, such as Europe/Madrid.")
    day_start_minutes: int = Field(
        default=LEFT_OUT,
        ge=0,
        le=1439,
        strict=True,
        description="When the business day starts, in minutes after local midnight.",
    )
    locale: Locale = Field(default=LEFT_OUT, description="Language of the PCs' screens (BCP 47), such as es-ES.")
    min_minutes: Minutes = Field(default=LEFT_OUT, description="The shortest session.")
    max_minutes: Minutes = Field(default=LEFT_OUT, description="The longest session.")
    step_minutes: Minutes = Field(default=LEFT_OUT, description="Sessions and extensions are multiples of this.")
    warning_seconds: int | None = Field(
        default=None, ge=0, le=7200, strict=True, description="Before the end a player is warned; 0: not at all."
    )
    grace_seconds: int | None = Field(
        default=None, ge=0, le=MAX_GRACE_SECONDS, strict=True, description="From the deadline to lock and logout."
    )
    auto_lock: bool | None = Field(default=None, strict=True)
    auto_logout: bool | None = Field(default=None, strict=True)
    lock_mode: LockMode | None = None
    house_message: Line | None = Field(
        default=None, description="The venue's own line on the lock screens; null: none."
    )
    languages: Languages | None = Field(
        default=None,
        description="Languages (BCP 47) that players can choose on the lock screen beside the locale; null: none.",
    )
    texts: Texts | None = Field(
        default=None,
        description="The venue's own words instead of those of the server: texts by key, by language (BCP 47); null: "
        "none. They take the place of all that there were. Keys, widths and placeholders are in the reference.",
    )
    max_pause_minutes: int = Field(
        default=LEFT_OUT, ge=1, le=1440, strict=True, description="A pause ends by itself after this."
    )
    unconfirmed_seconds: int = Field(
        default=LEFT_OUT, ge=5, le=3600, strict=True, description="After this the desk is warned of a PC not open."
    )
    never_opened_seconds: int = Field(
        default=LEFT_OUT, ge=30, le=86_400, strict=True, description="After this a session that never opened ends."
    )
    expected_version: Annotated[int, Field(ge=1, strict=True)] | None = Field(
        default=None, description="Refuse with 409 unless the venue has this version."
    )


class ZoneCreate(BaseModel):
    """A new zone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Lounge", "position": {"x": 648, "y": 0, "w": 328, "h": 248}}]},
    )

    name: ZoneName
    position: Position | None = None
    sequence: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = Field(
        default=None, description="Its place in the order of the zones; behind the last one by default."
    )


class ZonePatch(BaseModel):
    """What to change of a zone; what is left out stays. A null position takes it off the plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=schema_with({"name": "Lounge", "sequence": 2}))

    name: ZoneName = LEFT_OUT
    position: Position | None = None
    sequence: int = Field(default=LEFT_OUT, ge=0, le=1_000_000, strict=True)


class ZoneOut(BaseModel):
    """A zone of the floor."""

    id: uuid.UUID
    name: str
    position: Position | None
    sequence: int = Field(description="Zones are listed in this order.")


class ZoneRef(BaseModel):
    """A zone as a station names it."""

    id: uuid.UUID
    name: str
