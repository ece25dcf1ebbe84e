"""Reports: what the venue's days looked like, from what the other features keep."""

from app.domain.reports.anomaly_repository import Mark
from app.domain.reports.jobs import tally
from app.domain.reports.service import anomalies, faults, peak_hours, sessions, utilisation

__all__ = ["Mark", "anomalies", "faults", "peak_hours", "sessions", "tally", "utilisation"]
