"""The seeded world at a fixed instant: audit counts days and nights."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

# An example may take as long as a busy machine needs.
settings.register_profile("audit", deadline=None)
settings.load_profile("audit")

# Noon in Beijing on the first of a month: the day before is another month.
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
def world_now() -> datetime:
    """The world lives at that noon."""
    return NOW
