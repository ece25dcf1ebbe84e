"""What the reference says beside the names that `generate.py` reads from the code. A name without words fails there."""

from __future__ import annotations

SERVER_SETTINGS = {
    "database_url": "`postgresql+asyncpg://user:pass@host:5432/name` or `sqlite+aiosqlite:///file`.",
    "redis_url": "`redis://host:6379/0`. Without it nothing is cached, and other server processes hear of a change "
    "within a second instead of at once.",
    "secret_key": "Signs access and refresh tokens. At least 32 random characters. On SQLite a missing one is made at "
    "the first start and kept in `secret_key` in `DATA_DIR`, readable by its owner only; with PostgreSQL it has to be "
    "set. A weak one, or the published example, stops the start. Another key signs everybody out.",
    "jwt_algorithm": "How access tokens are signed: `HS256`, `HS384` or `HS512`.",
    "access_token_expire_minutes": "How long an access token is good, 1 to 1440. The dashboard renews it by itself.",
    "refresh_token_expire_days": "After how many days one has to sign in again, 1 to 365.",
    "cors_origins": "Origins of browsers that may use the API and the live connection from another address than the "
    "server's own, separated by commas, each by its name: `*` is refused. Agents don't need it.",
    "data_dir": "Where the SQLite file, its lock and the made `secret_key` lie, readable by its owner only.",
    "log_dir": "Where `gameops.log` is written, a JSON object a line, 10 MB a file, five older ones kept.",
    "log_level": "`DEBUG`, `INFO`, `WARNING` or `ERROR`.",
    "dashboard_dir": "The built dashboard that is served at `/`.",
    "run_jobs": "`false` where `python -m app.worker` runs the periodic jobs instead (PostgreSQL only).",
    "login_limit_per_minute": "Tries to sign in with one name, from wherever.",
    "login_address_limit_per_minute": "Tries to sign in from one address, with whatever names. Raise it where many "
    "desks share one.",
    "enrol_limit_per_minute": "Tries to enrol a PC with a code, by address.",
    "api_limit_per_second": "Requests of one member of staff.",
    "commands_retention_days": "How long commands to PCs stay in their list, 1 to 3650. Their events stay for good.",
    "metrics_retention_days": "How long it is kept how the PCs were doing (processor, memory, disk), 1 to 3650.",
    "metrics_token": "Who sends it as a bearer token may read `/metrics` from another machine; 16 characters or more. "
    "The server's own machine needs none.",
    "redis_max_connections": "Size of the connection pool; who comes when all are in use waits.",
    "redis_health_check_seconds": "How long a connection may idle before it is checked.",
    "redis_timeout_seconds": "How long an answer, or a free connection, is waited for.",
}

AGENT_SETTINGS = {
    "station.id": "The station's id, as `add-station` prints it. `STATION_ID` overrides it.",
    "station.name": "The name in the agent's own lines and log, and on the lock screen until the server has said its "
    "own.",
    "backend.url": "`ws://HOST:8000/ws/agent`, or `wss://`; the agent appends `/` and the station's id. `BACKEND_URL` "
    "overrides it.",
    "backend.token": "The agent token, as `add-station` prints it. `AGENT_TOKEN` overrides it.",
    "backend.ca": "The venue's own CA, a PEM file (a relative path counts from the config file). Then only what it has "
    "signed is trusted; without it, what the PC trusts. Only with `wss://`. `BACKEND_CA` overrides it.",
    "features.auto_lock": "Lock the PC when a session has ended, and at the start when none runs.",
    "features.auto_logout": "Log the player out when a session has ended.",
    "features.show_overlay": "Show the remaining time in a small window above everything. The lock screen comes "
    "without it, too.",
    "features.lock_mode": "What locks: `kiosk`, our lock screen, or `workstation`, the operating system's own lock. "
    "`main.py enrol` writes `kiosk`. Where no lock screen can be drawn it is `workstation`, and the agent says so.",
    "features.sound": "Let warnings, the end and the desk's messages be heard.",
    "session.warning_time": "Seconds before the end at which the first warning comes, 0 to 86400. The second comes at "
    "60 s. 0 leaves the first one out.",
    "session.grace_period": "Seconds from the deadline to lock and logout, 0 to 86400.",
    "system.monitor_interval": "Seconds between two reports of processor, memory and disk, 1 to 86400.",
    "simulated.logon_delay": "Only for `--backend simulated`: seconds until the simulated player has signed in.",
}

EVENTS = {
    "SESSION_CREATED": "A session was started; it is pending until its PC confirms.",
    "SESSION_CONFIRMED": "The PC is open, so it is active. `shifted_seconds` moved its end; `source` says who saw.",
    "SESSION_UNCONFIRMED": "The PC hasn't opened within the venue's time; once for each station.",
    "SESSION_EXTENDED": "Time was given or taken; `kind` and `seconds` say how. `revived`: its grace had begun.",
    "SESSION_PAUSED": "Its time stands still from now on.",
    "SESSION_RESUMED": "Its time goes on; `automatic` when the venue's longest pause was over.",
    "SESSION_MOVED": "It is on another station; `from_station_id` is the one that it left.",
    "SESSION_REOPENED": "Its end was taken back; the time since then is the gap `gap_id`.",
    "SESSION_END_CORRECTED": "Its end was written down differently: a PC reported late that it had opened in time.",
    "SESSION_ENDED": "Staff ended it, or nobody ever opened it (`reason`: `never_opened`).",
    "SESSION_EXPIRED": "Its deadline passed. The end is the deadline, also when it is noticed later.",
    "STATION_CREATED": "A station was added.",
    "STATION_UPDATED": "Name, kind, zone, place or service changed, or it was retired.",
    "STATION_STATUS_CHANGED": "The computed status changed; `cause` says through what, `session_id` through which "
    "session if through one. Stands beside that event.",
    "STATION_TOKEN_ISSUED": "A new agent token; earlier ones are revoked. The token isn't in the log.",
    "STATION_CODE_ISSUED": "A new enrolment code; an earlier one is good no more. The code isn't in the log.",
    "AGENT_CONNECTED": "An agent's socket is open.",
    "AGENT_DISCONNECTED": "It closed; `code` and `reason` say why, `replaced` whether a newer one had taken its place.",
    "AGENT_ENROLLED": "A PC came with an enrolment code and got its station's token; earlier ones are revoked.",
    "AGENT_ENROLMENT_REFUSED": "Somebody came with an enrolment code that isn't good; `address` says from where.",
    "AGENT_ERROR": "The agent reports an error, with its trace.",
    "AGENT_REPORTED": "What the agent says that happened on the PC (`report`). Evidence: it changes nothing by itself.",
    "ANOMALY_MOVED_WHILE_OFFLINE": "A session left a PC that couldn't be told; it stays open until its own deadline.",
    "COMMAND_SENT": "Staff told a PC to do something; it is on its way.",
    "COMMAND_DONE": "The PC did it.",
    "COMMAND_FAILED": "The PC couldn't, or didn't say within 30 s that it had; `error` says which.",
    "ANOMALY_PAUSED_WHILE_OFFLINE": "A session was paused whose PC couldn't be told; it stays open until its own "
    "deadline.",
    "ANOMALY_RAN_WITHOUT_SESSION": "The heartbeats said for 60 s that the PC was open, with no session and no "
    "maintenance.",
    "ANOMALY_AGENT_ABSENT": "The agent was away for longer than 60 s while a session ran there.",
    "ANOMALY_HELPER_KILLED": "The overlay's process died and was started again.",
    "ANOMALY_CLOCK_JUMP": "The PC's clock was set. It costs the player nothing and gives nothing.",
    "ANOMALY_FLOODING": "A PC reports or connects far more than any does; `left_out` says how many weren't kept "
    "since the event before, at most one in ten minutes.",
    "ANOMALY_FLAPPING_TAKEOVERS": "Several connections took a station from one another within a minute.",
    "ANOMALY_CLONED_PC": "A PC of another name came with the token of the station whose session runs elsewhere.",
    "ANOMALY_NOT_ENFORCED": "A session was over (its grace too), paused, or not open yet, and the PC was open. "
    "Not where `auto_lock` is false.",
    "STAFF_CREATED": "A member of staff was added.",
    "STAFF_PASSWORD_CHANGED": "A password was set; that person is signed out everywhere else.",
    "STAFF_PASSWORD_REFUSED": "Somebody who is signed in wanted a new password and gave a wrong current one.",
    "STAFF_UPDATED": "Name or role changed, or the person was retired or came back.",
    "STAFF_SIGNED_IN": "Somebody signed in.",
    "STAFF_SIGNED_OUT": "Somebody signed out, here or everywhere.",
    "STAFF_SIGN_IN_REFUSED": "Name and password didn't match, or there were too many attempts (`too_many_by`).",
    "STAFF_TOKEN_REUSED": "A refresh token came twice, so it was copied; that sign-in is ended.",
    "VENUE_CREATED": "The venue was set up.",
    "VENUE_UPDATED": "Its settings changed; `before` and `after` hold only those that did.",
    "ZONE_CREATED": "A zone was added.",
    "ZONE_UPDATED": "Its name, its place on the plan or in the order changed.",
    "ZONE_RETIRED": "A zone was taken off the floor.",
    "SYSTEM_ERROR": "Something failed in the server; `where`, `error`, `stack_trace`, and as `left_out` how many "
    "errors since the one before are only in the log.",
    "SYSTEM_WARNING": "Something is wrong for a while (`trouble`: Redis, the relay, ...; again with `over` when it "
    "ends), or a clock jumped.",
}

# What the sentence of these codes depends on. None: no answer carries the code itself.
ERRORS = {
    "auth.forbidden": "This needs the role {role}; you are signed in as {role}.",
    "auth.required": "Sign in first: this needs an access token.",
    "auth.wrong_password": "This isn't your current password. Type the one that you sign in with.",
    "conflict": None,
    "internal": "Something failed here that shouldn't. It is in the server's log under this request id.",
    "method_not_allowed": "{method} isn't possible at {path}, only {methods}.",
    "not_found": "There is nothing with this id, or nothing at this address.",
    "rate_limited": "Too many attempts. Try again in {wait} s.",
    "session.duration_out_of_limits": "The venue's shortest, longest or step doesn't allow this many minutes; the "
    "sentence says which.",
    "too_large": "A request has at most 1048576 bytes.",
    "too_slow": "The rest of the request didn't come within 10 s. Send it again.",
    "unavailable": "The database can't be reached. Try again; under the same Idempotency-Key nothing happens twice.",
    "validation": "The request can't be understood: look at {fields}.",
}
