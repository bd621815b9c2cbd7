"""Vehicles and drivers of many orders: locked in the order that everybody keeps, then read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.store import BookableDriver, BookableVehicle, lock_drivers, lock_vehicles
from fleet.lists import in_force, within
from fleet.tables import (
    Driver,
    DriverLeave,
    DriverLicence,
    DriverUnit,
    Organisation,
    Person,
    Vehicle,
    VehicleUnit,
)


@dataclass(frozen=True, slots=True)
class _Licence:
    licence_class: str
    until: datetime | None
    period: Range[datetime]


@dataclass(frozen=True, slots=True)
class _Driver:
    name: str
    licence_class: str
    licence_until: datetime | None


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is known of vehicles and drivers that are locked; who is missing is out of scope."""

    vehicles: Mapping[int, BookableVehicle]
    _drivers: Mapping[int, _Driver]
    _licences: Mapping[int, Sequence[_Licence]]
    _leaves: Mapping[int, Sequence[Range[datetime]]]

    def driver(self, no: int, period: Range[datetime]) -> BookableDriver | None:
        """Return a driver with the licence in force at the end of a period."""
        one = self._drivers.get(no)
        if one is None:
            return None
        end = period.upper
        licence = next(
            (
                licence
                for licence in self._licences.get(no, ())
                if end is not None and licence.period.contains(end)
            ),
            None,
        )
        return BookableDriver(
            no=no,
            name=one.name,
            licence_class=licence.licence_class if licence else one.licence_class,
            licence_until=licence.until if licence else one.licence_until,
            on_leave=any(leave.overlaps(period) for leave in self._leaves.get(no, ())),
        )


async def lock_pairs(
    session: AsyncSession,
    vehicle_nos: Collection[int],
    driver_nos: Collection[int],
    scope: frozenset[int] | None,
    now: datetime,
) -> Pairs:
    """Lock vehicles, then drivers, and read them once they are held (see `store.lock_driver`).

    scope: the units whose vehicles and drivers are meant; None: any
    """
    await lock_vehicles(session, vehicle_nos)
    await lock_drivers(session, driver_nos)
    return Pairs(
        await _vehicles(session, vehicle_nos, scope, now),
        await _drivers(session, driver_nos, scope, now),
        await _licences(session, driver_nos),
        await _leaves(session, driver_nos),
    )


async def _vehicles(
    session: AsyncSession, nos: Collection[int], scope: frozenset[int] | None, now: datetime
) -> dict[int, BookableVehicle]:
    rows = await session.execute(
        select(
            Vehicle.no,
            Vehicle.plate,
            Vehicle.seats,
            Vehicle.category,
            Vehicle.holding,
            Vehicle.body,
            Vehicle.state,
            VehicleUnit.organisation_no,
            Organisation.name,
        )
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .where(within(Vehicle.no, nos), Vehicle.withdrawn_at.is_(None))
    )
    found = [BookableVehicle(*row) for row in rows]
    return {one.no: one for one in found if scope is None or one.unit_no in scope}


async def _drivers(
    session: AsyncSession, nos: Collection[int], scope: frozenset[int] | None, now: datetime
) -> dict[int, _Driver]:
    rows = await session.execute(
        select(
            Driver.no,
            DriverUnit.organisation_no,
            Person.name,
            Driver.licence_class,
            Driver.licence_until,
        )
        .join(Person, Person.no == Driver.person_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .where(within(Driver.no, nos), Person.disabled_at.is_(None))
    )
    return {
        row.no: _Driver(row.name, row.licence_class, row.licence_until)
        for row in rows
        if scope is None or row.organisation_no in scope
    }


async def _licences(session: AsyncSession, nos: Collection[int]) -> dict[int, list[_Licence]]:
    rows = await session.execute(
        select(
            DriverLicence.driver_no,
            DriverLicence.licence_class,
            DriverLicence.licence_until,
            DriverLicence.period,
        ).where(within(DriverLicence.driver_no, nos))
    )
    found: defaultdict[int, list[_Licence]] = defaultdict(list)
    for row in rows:
        one = _Licence(row.licence_class, row.licence_until, row.period)
        found[row.driver_no].append(one)
    return found


async def _leaves(session: AsyncSession, nos: Collection[int]) -> dict[int, list[Range[datetime]]]:
    rows = await session.execute(
        select(DriverLeave.driver_no, DriverLeave.period).where(
            within(DriverLeave.driver_no, nos), DriverLeave.withdrawn_at.is_(None)
        )
    )
    found: defaultdict[int, list[Range[datetime]]] = defaultdict(list)
    for no, period in rows:
        found[no].append(period)
    return found
