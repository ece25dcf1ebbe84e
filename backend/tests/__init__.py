"""Tests of the server, laid out as `app/` is."""
