"""Sets of instants as sorted, disjoint, half-open intervals."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the instants that lie in any of the intervals; empty ones vanish."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def clipped(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """Return the part that lies inside the window."""
    start, end = window
    return union((max(start, s), min(end, e)) for s, e in intervals)


def without(intervals: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return the instants that lie in an interval and in no hole."""
    rest: list[Interval] = []
    gaps = union(holes)
    for start, end in union(intervals):
        for hole_start, hole_end in gaps:
            if hole_end <= start or end <= hole_start:
                continue
            rest.append((start, hole_start))
            start = hole_end
        rest.append((start, end))
    return union(rest)


def seconds(intervals: Iterable[Interval]) -> int:
    """Return how long the intervals last together, in whole seconds, rounded down."""
    total = sum((end - start for start, end in union(intervals)), timedelta(0))
    return int(total.total_seconds())
