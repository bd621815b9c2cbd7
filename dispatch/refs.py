"""Names of what requests, orders and filings refer to, read for a whole page at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.schemas import NamedRef, PlateRef
from fleet.tables import Driver, Organisation, Person, Vehicle


@dataclass(frozen=True, slots=True)
class Refs:
    """Small references by their numbers."""

    organisations: Mapping[int, NamedRef]
    people: Mapping[int, NamedRef]
    vehicles: Mapping[int, PlateRef]
    drivers: Mapping[int, NamedRef]


async def load_refs(
    session: AsyncSession,
    *,
    organisations: Iterable[int] = (),
    people: Iterable[int | None] = (),
    vehicles: Iterable[int | None] = (),
    drivers: Iterable[int | None] = (),
) -> Refs:
    """Return the references of these numbers; a None among them is passed over."""
    return Refs(
        organisations=await _named(session, Organisation, set(organisations)),
        people=await _named(session, Person, {no for no in people if no is not None}),
        vehicles=await _plated(session, {no for no in vehicles if no is not None}),
        drivers=await _drivers(session, {no for no in drivers if no is not None}),
    )


async def _named(
    session: AsyncSession, table: type[Organisation] | type[Person], nos: set[int]
) -> dict[int, NamedRef]:
    if not nos:
        return {}
    rows = await session.execute(select(table.no, table.id, table.name).where(table.no.in_(nos)))
    return {row.no: NamedRef(id=row.id, name=row.name) for row in rows}


async def _plated(session: AsyncSession, nos: set[int]) -> dict[int, PlateRef]:
    if not nos:
        return {}
    rows = await session.execute(
        select(Vehicle.no, Vehicle.id, Vehicle.plate).where(Vehicle.no.in_(nos))
    )
    return {row.no: PlateRef(id=row.id, plate=row.plate) for row in rows}


async def _drivers(session: AsyncSession, nos: set[int]) -> dict[int, NamedRef]:
    if not nos:
        return {}
    rows = await session.execute(
        select(Driver.no, Driver.id, Person.name)
        .join(Person, Person.no == Driver.person_no)
        .where(Driver.no.in_(nos))
    )
    return {row.no: NamedRef(id=row.id, name=row.name) for row in rows}
