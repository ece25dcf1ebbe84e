"""Knows no business noun: configuration, database, clock, security, logging."""
