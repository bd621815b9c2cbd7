"""SQL of the approach: whose it is, who drives, and where the vehicle was seen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OUT
from dispatch.tables import Order, OrderRequest, OrderWaypoint
from fleet.journal.tables import JournalEntry
from fleet.tables import Driver, Person


@dataclass(frozen=True, slots=True)
class DriverContact:
    """Who drives; the phone number is whole."""

    name: str
    phone: str | None


async def order_of(session: AsyncSession, request_id: UUID) -> Order | None:
    """Return the newest order that serves a request."""
    newest = (
        select(Order)
        .join(OrderRequest, OrderRequest.order_id == Order.id)
        .where(OrderRequest.request_id == request_id)
        .order_by(Order.id.desc())
        .limit(1)
    )
    return (await session.scalars(newest)).one_or_none()


async def is_out_elsewhere(session: AsyncSession, order: Order) -> bool:
    """Return whether the vehicle of an order is still out on another one."""
    other = exists().where(
        Order.vehicle_no == order.vehicle_no, Order.state.in_(OUT), Order.id != order.id
    )
    return bool(await session.scalar(select(other)))


async def serves_others_first(session: AsyncSession, order_id: UUID, request_id: UUID) -> bool:
    """Return whether a shared order calls for somebody else before it picks a request up."""
    newest = select(func.max(OrderWaypoint.plan_number)).where(OrderWaypoint.order_id == order_id)
    first = select(OrderWaypoint.request_id).where(
        OrderWaypoint.order_id == order_id,
        OrderWaypoint.plan_number == newest.scalar_subquery(),
        OrderWaypoint.place == 1,
    )
    found = await session.scalar(first)
    return found is not None and found != request_id


async def driver_of(session: AsyncSession, driver_no: int | None) -> DriverContact | None:
    """Return a driver by number."""
    row = (
        await session.execute(
            select(Person.name, Person.phone)
            .join(Driver, Driver.person_no == Person.no)
            .where(Driver.no == driver_no)
        )
    ).one_or_none()
    return DriverContact(row.name, row.phone) if row else None


async def looked_since(
    session: AsyncSession, actor_no: int, order_id: UUID, action: str, since: datetime
) -> bool:
    """Return whether the journal has an entry of this person, order and action since then."""
    found = exists().where(
        JournalEntry.object_id == order_id,
        JournalEntry.actor_no == actor_no,
        JournalEntry.action == action,
        JournalEntry.at > since,
    )
    return bool(await session.scalar(select(found)))
