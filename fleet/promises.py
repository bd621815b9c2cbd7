"""What rooms above have promised of a vehicle or a driver: asked before either goes away.

The register knows no orders. A room that makes promises says when it is loaded how they are
found, and to whom they may be told; whoever takes a vehicle or a driver away asks here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.acts import Act
from kit.errors import Conflict


class Promised(NamedTuple):
    """An order, and the period for which it was promised.

    order_id: None where whoever is told may not know of the order
    """

    order_id: UUID | None
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


class Teller(Protocol):
    """Knows which orders exist for somebody."""

    async def __call__(
        self, session: AsyncSession, actor: Actor, order_ids: Collection[UUID]
    ) -> Collection[UUID]:
        """Return those of the orders of which the actor may know."""
        ...


_KEEPERS: list[Keeper] = []
_TELLERS: list[Teller] = []


def keeps_promises(keeper: Keeper) -> None:
    """Have `keeper` asked from now on; called once by the room that makes promises."""
    _KEEPERS.append(keeper)


def tells_orders(teller: Teller) -> None:
    """Have `teller` asked which orders may be told; without one, none is."""
    _TELLERS.append(teller)


async def refuse_promised(
    session: AsyncSession, act: Act, vehicle_no: int, since: datetime
) -> None:
    """Raise VehiclePromised when a locked vehicle is promised to orders after `since`."""
    period = Range(since, None, bounds="[)")
    found = await promised_of_vehicle(session, act.actor, vehicle_no, period)
    if found:
        raise VehiclePromised(orders=[_told(one) for one in found])


async def promised_of_vehicle(
    session: AsyncSession, actor: Actor | None, vehicle_no: int, period: Range[datetime]
) -> list[Promised]:
    """Return the orders that a vehicle was promised to and touch `period`, the earliest first.

    actor: to whom they are told; None: the system itself, from which none is hidden
    """
    found = [
        one for keeper in _KEEPERS for one in await keeper.of_vehicle(session, vehicle_no, period)
    ]
    return await _as_told(session, actor, found)


async def promised_of_driver(
    session: AsyncSession, actor: Actor | None, driver_no: int, period: Range[datetime]
) -> list[Promised]:
    """Return the orders that were given to a driver and touch `period`, the earliest first.

    actor: as in `promised_of_vehicle`
    """
    found = [
        one for keeper in _KEEPERS for one in await keeper.of_driver(session, driver_no, period)
    ]
    return await _as_told(session, actor, found)


async def promised_under_sealing(
    session: AsyncSession, sealing_no: int, now: datetime
) -> list[Promised]:
    """Return the orders that a sealing forbids although they were promised before it."""
    return [
        one for keeper in _KEEPERS for one in await keeper.under_sealing(session, sealing_no, now)
    ]


async def _as_told(
    session: AsyncSession, actor: Actor | None, found: Sequence[Promised]
) -> list[Promised]:
    """Leave out the ids of orders of which the actor may not know."""
    if actor is None or not found:
        return list(found)
    ids = [one.order_id for one in found if one.order_id is not None]
    known = {id for teller in _TELLERS for id in await teller(session, actor, ids)}
    return [one if one.order_id in known else one._replace(order_id=None) for one in found]


def _told(one: Promised) -> dict[str, str | None]:
    return {
        "id": str(one.order_id) if one.order_id else None,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
    }
