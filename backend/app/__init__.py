"""GameOps' server: the truth about stations, sessions and time."""

__version__ = "1.0.0"
