"""Departure checks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dispatch.checks import service, store
from dispatch.checks.rules import read_found
from dispatch.checks.schemas import (
    CheckedItem,
    DepartureCheckIn,
    DepartureCheckOut,
    DepartureCheckPage,
)
from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.orders.service import find
from dispatch.retrying import RetriedRoute
from dispatch.schemas import NamedRef, PlateRef
from fleet.access import Actor, AllowAnyone
from fleet.lists import AnyRow
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

# Whoever drives or rides, and those who may read orders of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.ORDER_READ,))]


@router.get("/orders/{order_id}/departure-checks")
async def list_departure_checks(
    order_id: UUID,
    actor: Concerned,
    session: DbSession,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DepartureCheckPage:
    """List the departure checks of an order, the newest first; the newest counts."""
    order = await find(session, actor, order_id)
    found = await store.checks_of(session, order.id, before_id(cursor), limit + 1)
    return DepartureCheckPage(
        items=[_shown(row) for row in found[:limit]],
        next_cursor=cursor_after([row[0] for row in found], limit),
    )


@router.post("/orders/{order_id}/departure-check", status_code=201)
async def create_departure_check(
    order_id: UUID,
    body: DepartureCheckIn,
    actor: Concerned,
    session: DbSession,
    now: Now,
    address: Address,
) -> DepartureCheckOut:
    """Say what the driver of an accepted order found on the vehicle (出车检查).

    What does not pass keeps the vehicle from departing; what is unsafe takes it out of use.
    """
    found = read_found([(one.item, one.passed) for one in body.items], body.note)
    check = await service.check_vehicle(session, actor, order_id, found, now, address)
    return _shown(await store.check_row(session, check.id))


def _shown(row: AnyRow) -> DepartureCheckOut:
    check = row[0]
    return DepartureCheckOut(
        id=check.id,
        order_id=check.order_id,
        vehicle=PlateRef(id=row.vehicle_id, plate=row.plate),
        checked_by=NamedRef(id=row.person_id, name=row.person_name),
        checked_at=check.checked_at,
        items=[CheckedItem.model_validate(one) for one in check.items],
        passed=check.passed,
        note=check.note,
        outage_id=row.outage_id,
    )
