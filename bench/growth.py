"""Whether a process grows: its memory, open files, threads and journal, sampled for as long as it runs."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple

import psutil

MEBIBYTE = 1024 * 1024
MOST = (1.0, 1, 0, 4.0)
"""What counts as no growth, as in `Sample`: an allocator that settles, a connection that is just being made, nothing,
and the ids of the desk's latest commands."""

FEWEST = 12
"""Samples below which nothing can be said."""


class Sample(NamedTuple):
    """A process at one moment: MiB resident, numbers, KiB of its journal (0 without one)."""

    memory: float
    files: int
    threads: int
    journal: float


class Growth:
    """Samples of one process, first the earliest."""

    def __init__(self, name: str, process: psutil.Process, journal: Path | None = None) -> None:
        self.name = name
        self._process, self._journal = process, journal
        self.samples: list[Sample] = []

    def sample(self) -> None:
        size = self._journal.stat().st_size if self._journal and self._journal.exists() else 0
        resident = self._process.memory_info().rss / MEBIBYTE
        self.samples.append(Sample(resident, self._process.num_fds(), self._process.num_threads(), size / 1024))

    def early_and_late(self) -> tuple[Sample, Sample]:
        """The medians of the second quarter (the first one warms up) and of the last."""
        quarter = len(self.samples) // 4
        parts = (self.samples[quarter : 2 * quarter], self.samples[-quarter:])
        early, late = (Sample(*map(statistics.median, zip(*part, strict=True))) for part in parts)
        return early, late

    def wrong(self) -> list[str]:
        """What grew."""
        if len(self.samples) < FEWEST:
            return [f"{self.name}: {len(self.samples)} samples are too few to tell whether it grows"]
        early, late = self.early_and_late()
        return [
            f"{self.name}: {what} grew from {before:.1f} to {after:.1f}"
            for what, before, after, most in zip(Sample._fields, early, late, MOST, strict=True)
            if after - before > most
        ]
