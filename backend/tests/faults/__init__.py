"""Faults that are produced for real, and what must be true afterwards."""
