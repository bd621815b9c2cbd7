"""What rooms above have promised of a vehicle or a driver: asked before either goes away.

The register knows no orders. A room that makes promises says when it is loaded how they are
found; whoever takes a vehicle or a driver away asks here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import Conflict


class Promised(NamedTuple):
    """An order, and the period for which it was promised."""

    order_id: UUID
    start: datetime
    end: datetime


class VehiclePromised(Conflict):
    """The vehicle is promised to orders after that instant: end them or swap the vehicle first."""


class Keeper(Protocol):
    """Knows promises that still stand, those that are being kept included."""

    async def of_vehicle(
        self, session: AsyncSession, vehicle_no: int, period: Range[datetime]
    ) -> Sequence[Promised]:
        """Return what was promised of a vehicle and touches `period`, the earliest first."""
        ...

    async def of_driver(
        self, session: AsyncSession, driver_no: int, period: Range[datetime]
    ) -> Sequence[Promised]:
        """Return what was promised of a driver and touches `period`, the earliest first."""
        ...

    async def under_sealing(
        self, session: AsyncSession, sealing_no: int, now: datetime
    ) -> Sequence[Promised]:
        """Return what was promised of vehicles that a sealing makes stand still meanwhile."""
        ...


_KEEPERS: list[Keeper] = []


def keeps_promises(keeper: Keeper) -> None:
    """Have `keeper` asked from now on; called once by the room that makes promises."""
    _KEEPERS.append(keeper)


async def refuse_promised(session: AsyncSession, vehicle_no: int, since: datetime) -> None:
    """Raise VehiclePromised when a locked vehicle is promised to orders after `since`."""
    period = Range(since, None, bounds="[)")
    found = await promised_of_vehicle(session, vehicle_no, period)
    if found:
        raise VehiclePromised(orders=[_told(one) for one in found])


async def promised_of_vehicle(
    session: AsyncSession, vehicle_no: int, period: Range[datetime]
) -> list[Promised]:
    """Return the orders that a vehicle was promised to and touch `period`, the earliest first."""
    return [
        one for keeper in _KEEPERS for one in await keeper.of_vehicle(session, vehicle_no, period)
    ]


async def promised_of_driver(
    session: AsyncSession, driver_no: int, period: Range[datetime]
) -> list[Promised]:
    """Return the orders that were given to a driver and touch `period`, the earliest first."""
    return [
        one for keeper in _KEEPERS for one in await keeper.of_driver(session, driver_no, period)
    ]


async def promised_under_sealing(
    session: AsyncSession, sealing_no: int, now: datetime
) -> list[Promised]:
    """Return the orders that a sealing forbids although they were promised before it."""
    return [
        one for keeper in _KEEPERS for one in await keeper.under_sealing(session, sealing_no, now)
    ]


def _told(one: Promised) -> dict[str, str]:
    return {
        "id": str(one.order_id),
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
    }
