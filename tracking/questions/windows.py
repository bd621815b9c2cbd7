"""Looking for the nearest in time without reading years: windows that grow until something is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

FIRST = timedelta(hours=1)
GROWTH = 4
RESOLUTION = timedelta(microseconds=1)
"""The shortest time that the database tells apart."""


def back_from(at: datetime, earliest: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield windows [start, end) backwards from `at` to `earliest`, each longer than the last."""
    end, length = at, FIRST
    while end > earliest:
        start = max(earliest, end - length)
        yield start, end
        end, length = start, length * GROWTH


def on_from(at: datetime, latest: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield windows [start, end) forwards from `at` to `latest`, each longer than the last."""
    start, length = at, FIRST
    while start < latest:
        end = min(latest, start + length)
        yield start, end
        start, length = end, length * GROWTH
