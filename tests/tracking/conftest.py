"""Properties run on busy machines: an example may take as long as it takes."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

settings.register_profile("tracking", deadline=None)
settings.load_profile("tracking")

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
def world_now() -> datetime:
    """A fixed noon in Beijing."""
    return NOW
