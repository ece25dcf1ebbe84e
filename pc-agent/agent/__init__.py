"""The GameOps PC agent: it opens a station for a recorded session, counts, warns, ends and locks it."""

__version__ = "1.0.0"
