"""Periods in whole seconds, and what is left of one between others."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range

from dispatch.capacity.fitting import instant, seconds
from dispatch.capacity.model import Span

_FOREVER_S = 1 << 40


def span_of(period: Range[datetime]) -> Span:
    """Return a period in whole seconds; one without an end lasts for ever."""
    assert period.lower is not None
    return seconds(period.lower), _FOREVER_S if period.upper is None else seconds(period.upper)


def range_of(span: Span) -> Range[datetime]:
    """Return a span as the database has it."""
    return Range(instant(span[0]), instant(span[1]), bounds="[)")


def gaps(spans: Iterable[Span], window: Span) -> list[Span]:
    """Return the parts of a window that none of the spans covers, in order."""
    gaps, reached = [], window[0]
    for start, end in sorted(spans):
        if start >= window[1]:
            break
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    if reached < window[1]:
        gaps.append((reached, window[1]))
    return gaps
