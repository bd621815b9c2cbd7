"""Reads the slip of an order back, with what happened since."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.contacts import masked_phones, may_call
from dispatch.orders.concerned import seen_in
from dispatch.orders.runs import runs_of_orders
from dispatch.orders.states import OrderAction
from dispatch.orders.store import steps_of_orders
from dispatch.refs import load_refs
from dispatch.shared_rides.places import call_place
from dispatch.shared_rides.seeing import PAPER_OF_RIDERS, TELLS_OF_OTHERS
from dispatch.shared_rides.store import calls_of_orders
from dispatch.slips import store
from dispatch.slips.amending import AMENDABLE
from dispatch.slips.content import (
    Driven,
    Odometer,
    approvals_text,
    calls_text,
    filled_items,
    number_text,
    route_text,
)
from dispatch.slips.schemas import AmendmentOut, SlipItem, SlipOut
from dispatch.slips.sources import read_sources, waypoints_of
from dispatch.tables import Order, Request, Slip
from fleet.access import Actor
from kit.errors import NotFound


async def read_slip(session: AsyncSession, actor: Actor, order: Order) -> SlipOut:
    """Return the slip of an order, as the actor may see it, with its 19 items filled in so far.

    Raises NotFound.
    """
    slip = await store.slip_of(session, order.id)
    if slip is None:
        raise NotFound
    arrivals = [
        step.tapped_at
        for step in await steps_of_orders(session, [order.id])
        if step.action == OrderAction.ARRIVE
    ]
    driven = Driven(
        departed_at=order.departed_at,
        arrived_at=arrivals[0] if arrivals else None,
        returned_at=order.returned_at,
        odometers=await _odometers(session, order),
    )
    content, own = slip.content, await _own_paper(session, actor, order)
    if own is not None:
        content = {**content, **own}
    items = filled_items(content, driven)
    amendments = await _amendments(session, slip, own is not None)
    if not await may_call(session, actor, order):
        for one in amendments:
            if one.item == "passenger_phone":
                one.was, one.becomes = masked_phones(one.was), masked_phones(one.becomes)
        items = [
            (key, label, masked_phones(text) if key == "passenger_phone" else text)
            for key, label, text in items
        ]
    return SlipOut(
        id=slip.id,
        number_text=number_text(slip.year, slip.number),
        issuer=str(slip.content["issuer"]),
        dispatcher=str(slip.content["dispatcher"]),
        cross_unit=bool(slip.content["cross_unit"]),
        issued_at=slip.issued_at,
        void_at=slip.void_at,
        void_reason=slip.void_reason,
        items=[SlipItem(key=key, label=label, text=text) for key, label, text in items],
        amendments=amendments,
    )


async def _odometers(session: AsyncSession, order: Order) -> list[Odometer]:
    """Return the readings of each vehicle in turn; a swap of drivers divides none of them."""
    runs = (await runs_of_orders(session, [order])).get(order.id, [])
    refs = await load_refs(session, vehicles=[run.vehicle_no for run in runs])
    found: list[Odometer] = []
    for no, part in groupby(runs, key=lambda run: run.vehicle_no):
        driven = list(part)
        plate = refs.vehicles[no].plate if no is not None else ""
        found.append(Odometer(plate, driven[0].odometer_out_m, driven[-1].odometer_in_m))
    return found


async def passenger_facts(
    session: AsyncSession, order: Order, served: Sequence[Request]
) -> dict[str, str]:
    """Return what a slip says of those who ride, by the item's key."""
    sources = await read_sources(session, [order], {order.id: served})
    riders, waypoints = sources.riders(served), waypoints_of(served)
    units = await load_refs(session, organisations={one.organisation_no for one in served})
    calls = await _calls_of(session, order, served)
    return {
        "unit": "、".join(one.name for one in units.organisations.values()),
        "passenger": riders.names or "",
        "passenger_phone": riders.phones or "",
        "purpose": sources.purpose(order, served),
        "passengers": str(riders.count or 0),
        "route_planned": calls_text(calls) if calls else route_text(waypoints),
        "departure_place": waypoints[0] if waypoints else "",
        "approvals": approvals_text(sources.approvals(served)),
    }


async def _calls_of(
    session: AsyncSession, order: Order, served: Sequence[Request]
) -> list[tuple[str, str, datetime]]:
    """Return where a shared vehicle calls for these riders, what for, and when; empty for one."""
    if len(served) < 2:
        return []
    riders = {one.id: one for one in served}
    return [
        (
            call_place(call, rider).name,
            f"{'上' if call.is_pick_up else '下'}{rider.passengers}人",
            call.at,
        )
        for call in (await calls_of_orders(session, [order.id])).get(order.id, [])
        if (rider := riders.get(call.request_id)) is not None
    ]


async def _own_paper(session: AsyncSession, actor: Actor, order: Order) -> dict[str, str] | None:
    """Return the riders' items as a mere passenger of a shared order sees them, else None.

    Who rode along once and left stands in amendments still: what was shared once is their own part.
    """
    if not await store.was_shared(session, order.id):
        return None
    seen = await seen_in(session, actor, order)
    return None if seen.is_all else await passenger_facts(session, order, seen.requests)


async def _amendments(session: AsyncSession, slip: Slip, own_only: bool) -> list[AmendmentOut]:
    found = await store.amendments_of(session, slip.id)
    if own_only:
        found = [one for one in found if one.item not in PAPER_OF_RIDERS]
    refs = await load_refs(session, people=[one.by_no for one in found])
    return [
        AmendmentOut(
            number=one.number,
            action=one.action,
            item=one.item,
            label=AMENDABLE[one.item],
            was=one.was,
            becomes=one.becomes,
            by="" if own_only and one.action in TELLS_OF_OTHERS else refs.people[one.by_no].name,
            at=one.at,
            reason=None if own_only and one.action in TELLS_OF_OTHERS else one.reason,
        )
        for one in found
    ]
