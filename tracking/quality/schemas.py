"""What the API speaks of data quality. Shares lie in [0, 1]; null where there was nothing."""

from uuid import UUID

from pydantic import BaseModel

from fleet.refs import Named


class DoubtReasons(BaseModel):
    """How many positions each reason speaks against; one position may have several."""

    no_fix: int
    zero_island: int
    impossible_coordinates: int
    time_unreadable: int
    future: int
    stale: int
    encrypted: int
    outside_region: int
    rollover_repaired: int


class QualityItem(BaseModel):
    """A terminal's data in a period: its days with data, counts, and shares of them.

    `online` is of the whole period; `complete` of the positions that should have come on the way;
    `drift` of the parked steps; `clock_offset_s` is receipt minus the terminal's own time.
    """

    terminal_id: UUID
    phone: str
    unit: Named
    days: int
    positions: int
    repeats: int
    backfilled: int
    doubtful: int
    reasons: DoubtReasons
    online: float
    complete: float | None
    drift: float | None
    accepted: float | None
    jumps: int
    interval_s: float | None
    clock_offset_s: float | None


class QualityPage(BaseModel):
    """A page of terminals, by number."""

    items: list[QualityItem]
    next_cursor: str | None
