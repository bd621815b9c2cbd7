"""What the API speaks about the fleet's counts."""

from datetime import datetime

from pydantic import BaseModel

from fleet.refs import Named
from fleet.words import Category, Energy, Holding


class TotalsOut(BaseModel):
    """Counts; a code that nothing has is left out of its map.

    units: organisations of the kind unit; drivers: employed; terminals: bound to these vehicles
    """

    units: int
    drivers: int
    terminals: int
    vehicles: int
    by_category: dict[Category, int]
    by_holding: dict[Holding, int]
    by_energy: dict[Energy, int]


class PartOut(BaseModel):
    """An organisation with all that stands below it."""

    organisation: Named
    totals: TotalsOut


class SummaryOut(BaseModel):
    """The fleet of an organisation as it was at an instant: total = own + all items' totals.

    organisation: null where the actor's scope has several tops; they are then the items
    items: the organisations right below, by name, a page of them; those with nothing are in too
    """

    organisation: Named | None
    at: datetime
    total: TotalsOut
    own: TotalsOut
    items: list[PartOut]
    next_cursor: str | None
