"""Refusals of reports."""

from __future__ import annotations

from app.core.errors import Unprocessable


class PeriodOutOfLimits(Unprocessable):
    """The first and last day that were asked for make no period that a report covers."""

    code = "report.period_out_of_limits"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "message": message}])
