"""Which promised orders a sealing forbids."""

from bisect import bisect_right
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from dispatch.parts import sees_order
from dispatch.sealed.sealed import SealedOrder, orders_under
from fleet.access import Actor, Allow
from fleet.lists import Paging, Slice
from fleet.permissions import Permission
from fleet.refs import Named, VehicleRef
from fleet.sealings.store import at_and_above, sealing_in
from kit.paging import Page, decode_cursor, encode_cursor, instant_in, uuid_in
from kit.web import DbSession, Now

router = APIRouter(tags=["sealings"])


class SealedOrderOut(BaseModel):
    """An order that was promised although its vehicle stands sealed during a part of it."""

    id: UUID
    vehicle: VehicleRef
    unit: Named
    start: datetime
    end: datetime
    sealed_start: datetime
    sealed_end: datetime


class SealedOrderPage(BaseModel):
    """A page of orders that a sealing forbids, the earliest first."""

    items: list[SealedOrderOut]
    next_cursor: str | None


@router.get("/sealings/{sealing_id}/orders")
async def list_sealed_orders(
    sealing_id: UUID,
    actor: Annotated[Actor, Allow(Permission.SEALING_READ, widened_by=(Permission.ORDER_READ,))],
    session: DbSession,
    now: Now,
    part: Paging,
) -> SealedOrderPage:
    """List the promised orders that a sealing forbids, as far as one may read orders.

    Emergencies are left out, and what an accepted filing of duty covers: they may drive.
    """
    over = await at_and_above(session, actor.scope(Permission.SEALING_READ), now)
    sealing, _ = await sealing_in(session, sealing_id, over)
    page = _page(await orders_under(session, sealing, now, sees_order(actor)), part)
    return SealedOrderPage(items=[_shown(one) for one in page.items], next_cursor=page.next_cursor)


def _page(found: list[SealedOrder], part: Slice) -> Page[SealedOrder]:
    """Return one page of what is in order of (start, id) already."""
    first = 0
    if (key := decode_cursor(part.cursor, 2)) is not None:
        after = instant_in(key[0]), uuid_in(key[1])
        first = bisect_right(found, after, key=_key)
    items = found[first : first + part.limit]
    if first + part.limit >= len(found):
        return Page(items, None)
    start, id = _key(items[-1])
    return Page(items, encode_cursor((start.isoformat(), str(id))))


def _key(one: SealedOrder) -> tuple[datetime, UUID]:
    return one.start, one.id


def _shown(one: SealedOrder) -> SealedOrderOut:
    return SealedOrderOut(
        id=one.id,
        vehicle=VehicleRef(id=one.vehicle_id, plate=one.plate),
        unit=Named(id=one.unit_id, name=one.unit_name),
        start=one.start,
        end=one.end,
        sealed_start=one.sealed_start,
        sealed_end=one.sealed_end,
    )
