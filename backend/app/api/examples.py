"""What the OpenAPI document shows of an answer: one evening at a venue, the same things in every example."""

from __future__ import annotations

from typing import Any

ZONE = {"id": "01a1f3b0-5c1e-7d3a-8e21-5b0c9a4f1d10", "name": "Main hall"}
STATION_ID = "01a1f3b0-6a44-7c11-9b3e-2f6d7c8e9a01"
STATION_NAME = "PC-07"
SESSION_ID = "01a206b5-aa3e-76a7-a028-3257a5a745c7"
ANA = {"id": "01a1f3b0-4b0f-7e52-8c77-0a9b8c7d6e5f", "name": "ana"}
STARTED_AT, PAUSED_AT, RESUMED_AT = "2026-11-23T18:00:00Z", "2026-11-23T18:20:00Z", "2026-11-23T18:25:00Z"
ENDS_AT = "2026-11-23T19:35:00Z"
USE = {"open_seconds": 2419200, "played_seconds": 1161216, "ratio": 0.48, "sessions": 912}

GAP: dict[str, Any] = {
    "id": "01a206c8-0d51-7b60-93aa-6e5d4c3b2a19",
    "seq": 1,
    "kind": "paused",
    "from_at": PAUSED_AT,
    "to_at": RESUMED_AT,
    "reason": None,
    "actor_id": ANA["id"],
    "actor_name": ANA["name"],
}
SESSION: dict[str, Any] = {
    "id": SESSION_ID,
    "station_id": STATION_ID,
    "station_name": STATION_NAME,
    "user_name": "Marta K.",
    "status": "active",
    "end_reason": None,
    "end_source": None,
    "ended_by": None,
    "started_at": STARTED_AT,
    "confirmed_at": STARTED_AT,
    "scheduled_end_at": ENDS_AT,
    "ended_at": None,
    "remaining_seconds": 3000,
    "duration_minutes": 60,
    "extended_minutes": 30,
    "played_seconds": 2400,
    "paused_seconds": 300,
    "gaps": [GAP],
    "grace_seconds": 60,
    "version": 5,
    "delivery": "confirmed",
    "warning": None,
    "created_by": ANA["name"],
    "notes": None,
}
STATION: dict[str, Any] = {
    "id": STATION_ID,
    "name": STATION_NAME,
    "kind": "pc",
    "driver": "agent",
    "zone": ZONE,
    "position": {"x": 320, "y": 96, "w": 144, "h": 88},
    "service": "available",
    "status": "in_session",
    "connected": True,
    "last_seen": "2026-11-23T18:44:48Z",
    "free_since": None,
    "locked": False,
    "agent_version": "1.0.0",
    "maintenance_note": None,
    "pc": {
        "hostname": "ARENA-PC-07",
        "os": "Windows 11",
        "cpu": "AMD Ryzen 7 7800X3D",
        "ram": "32 GB",
        "lock_mode": "kiosk",
        "capabilities": ["overlay", "idle_time", "pause"],
        "clock_offset_seconds": 0.04,
    },
    "session": SESSION,
    "version": 12,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "GapOut": GAP,
    "SessionOut": SESSION,
    "StationOut": STATION,
    "GrantOut": {
        "id": "01a206c1-2b7f-7a08-8d4c-9e8f7a6b5c4d",
        "seq": 2,
        "kind": "extension",
        "seconds": 1800,
        "reason": None,
        "actor_id": ANA["id"],
        "actor_name": ANA["name"],
        "source_kind": "staff",
        "reverses_grant_id": None,
        "gap_id": None,
        "granted_at": "2026-11-23T18:10:00Z",
    },
    "EventOut": {
        "id": 48211,
        "type": "SESSION_PAUSED",
        "at": PAUSED_AT,
        "actor": {"kind": "staff", **ANA},
        "station_id": STATION_ID,
        "session_id": SESSION_ID,
        "request_id": "6f1c0f0f8f4c4c5d9f3b2a1e0d9c8b7a",
        "data": {"before": {"status": "active"}, "after": {"status": "paused"}, "version": 4},
    },
    "CommandOut": {
        "id": "01a206d0-7e11-7f35-a1b2-c3d4e5f60718",
        "station_id": STATION_ID,
        "command": "message",
        "params": {"text": "We close in half an hour."},
        "state": "done",
        "error": None,
        "created_at": "2026-11-23T18:30:00Z",
        "created_by": ANA["name"],
        "finished_at": "2026-11-23T18:30:01Z",
    },
    "MetricOut": {
        "at": "2026-11-23T18:44:30Z",
        "cpu_percent": 41.5,
        "memory_percent": 63.0,
        "disk_percent": 71.2,
        "data": {},
    },
    "VenueOut": {
        "id": "01a1f3b0-3d2c-7b1a-9f08-7e6d5c4b3a29",
        "name": "Arena Kadıköy",
        "time_zone": "Europe/Istanbul",
        "day_start_minutes": 360,
        "locale": "tr",
        "min_minutes": 15,
        "max_minutes": 720,
        "step_minutes": 15,
        "warning_seconds": 300,
        "grace_seconds": 60,
        "auto_lock": None,
        "auto_logout": None,
        "lock_mode": "kiosk",
        "house_message": "Wi-Fi: Arena, şifre barda",
        "languages": ["en"],
        "texts": {"tr": {"lock.ask": "Oynamak için bara gel."}},
        "max_pause_minutes": 30,
        "unconfirmed_seconds": 30,
        "never_opened_seconds": 600,
        "version": 4,
        "shown_languages": [
            {"tag": "tr", "name": "Türkçe", "left_in_english": []},
            {"tag": "en", "name": "English", "left_in_english": []},
        ],
    },
    "ZoneOut": {**ZONE, "sequence": 1, "position": None},
    "StaffOut": {
        "id": ANA["id"],
        "username": ANA["name"],
        "role": "attendant",
        "created_at": "2026-10-01T09:00:00Z",
        "retired_at": None,
    },
    "Identity": {
        "id": ANA["id"],
        "username": ANA["name"],
        "role": "attendant",
        "sign_in_id": "01a20690-1c2d-7e3f-8a9b-0c1d2e3f4a5b",
        "token_expires_at": "2026-11-23T19:00:00Z",
    },
    "AccessToken": {"access_token": "eyJhbGciOiJIUzI1NiIs...", "token_type": "bearer", "expires_in": 1800},
    "AgentTokenOut": {"token": "kept only as a hash; shown this once"},
    "EnrolmentCodeOut": {"code": "7KQ2-M9XD", "expires_at": "2026-11-23T18:15:00Z"},
    "EnrolmentOut": {
        "station_id": STATION_ID,
        "station_name": STATION_NAME,
        "token": "kept only as a hash; shown this once",
        "url": "ws://192.168.1.10:8000/ws/agent",
    },
    "Anomaly": {
        "id": "01a206d9-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
        "kind": "absent_in_session",
        "from": "2026-11-23T18:31:15Z",
        "to": "2026-11-23T18:33:05Z",
        "seconds": 110,
        "station": {"id": STATION_ID, "name": STATION_NAME},
        "session_id": SESSION_ID,
        "evidence": {"last_seen": "2026-11-23T18:31:15Z"},
    },
    "Period": {
        "from": "2026-11-17",
        "to": "2026-11-23",
        "starts_at": "2026-11-17T05:00:00Z",
        "ends_at": "2026-11-24T05:00:00Z",
        "time_zone": "Europe/Madrid",
    },
    "Use": USE,
    "CompensationOut": {
        "items": [
            {"session_id": SESSION_ID, "outcome": "compensated", "session": SESSION, "code": None, "detail": None}
        ]
    },
}

PARAMETERS = {
    ("path", "session_id"): "The session's id.",
    ("path", "station_id"): "The station's id.",
    ("path", "staff_id"): "Id of the member of staff.",
    ("path", "zone_id"): "The zone's id.",
    ("query", "station_id"): "Only of this station.",
    ("query", "session_id"): "Only of this session.",
    ("query", "status"): "Only those that are in this state now.",
}


def describe(document: dict[str, Any]) -> None:
    """Write examples of answers, and words for parameters and pages, into the document."""
    schemas = document["components"]["schemas"]
    for name, example in EXAMPLES.items():
        schemas[name].setdefault("examples", [example])
    for name, schema in schemas.items():
        if name.startswith("Page_"):
            of = name.removeprefix("Page_").removesuffix("_")
            schema["description"] = f"A page of `{of}`; `next_cursor` leads to the next one and is null on the last."
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                words = PARAMETERS.get((parameter["in"], parameter["name"]))
                if words is not None:
                    parameter.setdefault("description", words)
