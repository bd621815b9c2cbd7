"""The instant at which tests of tracking take place, but for those that go by the clock."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
"""Noon in Beijing."""
