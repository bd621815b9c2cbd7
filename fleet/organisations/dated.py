"""Dated rows: one ends where the next begins, and nothing that was written is overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.dialects.postgresql import Range

from fleet.organisations.errors import LaterChange


class Dated(Protocol):
    """A row with a period."""

    period: Range[datetime]


D = TypeVar("D", bound=Dated)


def close_at(rows: Sequence[D], at: datetime) -> D | None:
    """End the row of one subject that is in force at `at`, and return it.

    Returns None where none is in force. Raises LaterChange if one begins at `at` or later, and
    if the one in force has its end written already.
    """
    found = None
    for row in rows:
        begins, ends = row.period.lower, row.period.upper
        if begins is not None and begins >= at:
            raise LaterChange
        if ends is None:
            found = row
        elif ends > at:
            raise LaterChange
    if found is not None:
        found.period = Range(found.period.lower, at, bounds="[)")
    return found


def shown(span: Range[datetime]) -> dict[str, object]:
    """Return a period as the journal writes it."""
    return {
        "start": span.lower.isoformat() if span.lower else None,
        "end": span.upper.isoformat() if span.upper else None,
    }
