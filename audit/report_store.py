"""All SQL of the reports: sums of settled days, and the orders that a unit posts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from audit.kilometres import Kilometres, VehicleSum
from audit.publicity import Posted
from audit.tables import ExplainedDay
from dispatch.missions.store import orders_of_missions
from dispatch.orders.runs import driven_parts
from dispatch.orders.states import OrderState
from dispatch.orders.store import requests_of_orders
from dispatch.tables import Order, OrderRequest, Request
from fleet.tables import Organisation, Vehicle, VehicleUnit
from tracking.tables import ChangedDay

# What was driven is posted, an order broken off on the way included.
POSTED_STATES = (
    OrderState.RETURNED,
    OrderState.CONFIRMING,
    OrderState.ARCHIVED,
    OrderState.INTERRUPTED,
)

_SUBTREE = text("""
    WITH RECURSIVE below AS (
        SELECT no FROM organisation WHERE id = :id
        UNION
        SELECT p.organisation_no FROM below JOIN organisation_parent p
          ON p.parent_no = below.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT no FROM below
""")


async def subtree(session: AsyncSession, organisation_id: UUID, now: datetime) -> frozenset[int]:
    """Return the numbers of an organisation and all that stand below it now."""
    return frozenset(await session.scalars(_SUBTREE, {"id": organisation_id, "now": now}))


async def find_organisation(
    session: AsyncSession, *, organisation_id: UUID | None = None, no: int | None = None
) -> Organisation | None:
    """Return an organisation by its id, or by its number."""
    by = Organisation.id == organisation_id if organisation_id else Organisation.no == no
    return (await session.scalars(select(Organisation).where(by))).one_or_none()


async def vehicle_sums(
    session: AsyncSession, organisation_nos: Collection[int], first: date, last: date
) -> list[VehicleSum]:
    """Return what each vehicle drove for each unit on the days `first` … `last`.

    Units in order of their names, a unit's vehicles in order of their plates.
    """
    sums = [
        func.sum(column)
        for column in (
            ExplainedDay.ordered_m,
            ExplainedDay.service_m,
            ExplainedDay.filed_m,
            ExplainedDay.unexplained_m,
        )
    ]
    query = (
        select(ExplainedDay.organisation_no, ExplainedDay.vehicle_no, *sums)
        .join(Organisation, Organisation.no == ExplainedDay.organisation_no)
        .join(Vehicle, Vehicle.no == ExplainedDay.vehicle_no)
        .where(
            ExplainedDay.organisation_no.in_(organisation_nos),
            ExplainedDay.day.between(first, last),
        )
        .group_by(
            ExplainedDay.organisation_no,
            ExplainedDay.vehicle_no,
            Organisation.sort_key,
            Vehicle.plate,
        )
        .order_by(Organisation.sort_key, ExplainedDay.organisation_no, Vehicle.plate)
    )
    return [
        VehicleSum(organisation_no, vehicle_no, Kilometres(*(int(m) for m in metres)))
        for organisation_no, vehicle_no, *metres in await session.execute(query)
    ]


async def unsettled_days(
    session: AsyncSession, organisation_nos: Collection[int], first: date, last: date
) -> set[date]:
    """Return the days of these units' vehicles that have changed and are yet to be settled."""
    used_here = exists().where(
        VehicleUnit.vehicle_no == ChangedDay.vehicle_no,
        VehicleUnit.organisation_no.in_(organisation_nos),
    )
    query = select(ChangedDay.day).where(ChangedDay.day.between(first, last), used_here).distinct()
    return set(await session.scalars(query))


async def posted_orders(
    session: AsyncSession, organisation_no: int, start: datetime, end: datetime
) -> list[Posted]:
    """Return the driven orders of a unit that departed in [start, end), by vehicle.

    A shared order is of each unit whose passengers rode, with what they were driven for.
    """
    part = driven_parts()
    query = (
        select(
            Order.id,
            Order.service_kind,
            Vehicle.no,
            Vehicle.plate,
            Vehicle.category,
            func.min(part.c.since).label("since"),
            func.max(part.c.until).label("until"),
        )
        .join(part, part.c.order_id == Order.id)
        .join(Vehicle, Vehicle.no == part.c.vehicle_no)
        .where(
            _posted_by(organisation_no),
            Order.state.in_(POSTED_STATES),
            Order.departed_at >= start,
            Order.departed_at < end,
        )
        .group_by(Order.id, Vehicle.no)
    )
    rows = (await session.execute(query)).all()
    purposes: defaultdict[UUID, list[str]] = defaultdict(list)
    places: defaultdict[UUID, list[str]] = defaultdict(list)
    shared: set[UUID] = set()
    for order_id, request in await requests_of_orders(session, [row.id for row in rows]):
        if request.organisation_no == organisation_no:
            purposes[order_id].append(request.purpose)
            places[order_id].append(request.destination_name)
        else:
            shared.add(order_id)
    missions = await orders_of_missions(session, [row.id for row in rows])
    return [
        Posted(
            order_id=row.id,
            vehicle_no=row.no,
            plate=row.plate,
            category=row.category,
            start=row.since,
            end=row.until,
            service_kind=row.service_kind,
            purposes=purposes[row.id],
            places=places[row.id],
            is_mission=row.id in missions,
            is_shared=row.id in shared,
        )
        for row in rows
    ]


def _posted_by(organisation_no: int) -> ColumnElement[bool]:
    """Return the condition that a unit's passengers ride in an `Order`, or nobody in one of it."""
    riding = exists().where(OrderRequest.order_id == Order.id)
    own = riding.where(
        Request.id == OrderRequest.request_id, Request.organisation_no == organisation_no
    )
    return or_(own, and_(Order.organisation_no == organisation_no, ~riding))
