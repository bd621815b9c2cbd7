"""What may stand beside what in one person's time: the one place that decides it.

    planned anew    a shift stands     leave stands    a roster names them
    shift           refused            refused         fine
    leave           granted and told   refused         granted and told
    roster          fine               refused         fine, once for each roster and kind

A roster says who answers for a time, a shift when somebody works in it: both at once is usual.
Whoever is ill is away whatever was planned, so leave is never refused for a duty; it names those
for which somebody else is needed, and they stay marked until they or the leave are ended. What is
refused beside its own kind the database forbids too, by exclusion constraints.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

Kind = Literal["shift", "leave", "roster"]
KINDS: tuple[Kind, ...] = ("shift", "leave", "roster")

_REFUSED: frozenset[tuple[Kind, Kind]] = frozenset(
    {("shift", "shift"), ("leave", "leave"), ("shift", "leave"), ("roster", "leave")}
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift, leave or place on a roster of one person, which holds in [start, end)."""

    kind: Kind
    id: UUID
    start: datetime
    end: datetime

    def told(self) -> dict[str, str]:
        """Return it as an error names it; why somebody is away is not among it."""
        return {
            "kind": self.kind,
            "id": str(self.id),
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


def may_be_planned(new: Kind, *, beside: Kind) -> bool:
    """Return whether something new may be planned over an instant that `beside` takes."""
    return (new, beside) not in _REFUSED


def beside(standing: Iterable[Planned], period: Range[datetime]) -> list[Planned]:
    """Return what shares an instant with `period`, the earliest first."""
    assert period.lower is not None
    assert period.upper is not None
    start, end = period.lower, period.upper
    shared = (one for one in standing if one.start < end and start < one.end)
    return sorted(shared, key=lambda one: (one.start, one.id))
