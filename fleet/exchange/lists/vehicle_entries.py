"""Rows of the vehicles' sheet as the values that the vehicles' room takes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.exchange.plan import ReadRow
from fleet.lists import within
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.vehicles.attributes import Attributes
from fleet.vehicles.entries import Entry
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.words import Body, Condition, Funding, Marking, Secrecy
from fleet.words import Category, Energy, Holding
from kit.clock import day_start

_WORDS = {"body": Body, "funding": Funding, "marking": Marking, "condition": Condition}
_NAMES = frozenset(one.name for one in fields(Attributes))


@dataclass(frozen=True, slots=True)
class Named:
    """The organisations and places that rows name, by number."""

    organisations: dict[int, Organisation]
    places: dict[int, Place]

    @classmethod
    async def load(cls, session: AsyncSession, rows: Sequence[ReadRow]) -> "Named":
        """Read them all at once."""
        units = {row.values["unit"] for row in rows}
        bases = {row.values.get("base") for row in rows} - {None}
        organisations = await session.scalars(
            select(Organisation).where(within(Organisation.no, _numbers(units)))
        )
        places = await session.scalars(select(Place).where(within(Place.no, _numbers(bases))))
        return cls({one.no: one for one in organisations}, {one.no: one for one in places})


def _numbers(values: set[object]) -> list[int]:
    return [value for value in values if isinstance(value, int)]


def attributes_of(values: dict[str, object]) -> Attributes:
    """Return what is known of a vehicle beyond its identity. Raises MarkingIncomplete."""
    known: dict[str, object] = {}
    for name in _NAMES & values.keys():
        value = values[name]
        if value is not None:
            known[name] = _WORDS[name](str(value)) if name in _WORDS else value
    return Attributes(**known)  # type: ignore[arg-type]  # each cell was read by its column


def entry_of(row: ReadRow, named: Named) -> Entry:
    """Return the vehicle of a row. Raises MarkingIncomplete."""
    values = row.values
    base, since, vin = values.get("base"), values.get("since"), values.get("vin")
    unit, seats = values["unit"], values["seats"]
    assert isinstance(unit, int)
    assert isinstance(seats, int)
    return Entry(
        plate=str(values["plate"]),
        plate_colour=PlateColour(str(values["plate_colour"])),
        model=str(values["model"]),
        category=Category(str(values["category"])),
        seats=seats,
        energy=Energy(str(values["energy"])),
        holding=Holding(str(values["holding"])),
        organisation=named.organisations[unit],
        base=named.places[base] if isinstance(base, int) else None,
        vin=str(vin) if vin else None,
        since=day_start(since) if isinstance(since, date) else None,
        attributes=attributes_of(dict(values)),
        secrecy=Secrecy(str(values.get("secrecy") or Secrecy.NONE)),
    )
