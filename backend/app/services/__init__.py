"""Platform services that know no feature: event log, relay, scheduler, idempotency."""
