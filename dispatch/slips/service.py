"""Issues the slip of a new order, and reads it back with what happened since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.contacts import SEPARATOR, masked_phones, may_call
from dispatch.orders.runs import runs_of_orders
from dispatch.orders.states import OrderAction
from dispatch.orders.store import last_step, requests_of_orders, steps_of_orders
from dispatch.refs import Refs, load_refs
from dispatch.requests.states import RequestAction
from dispatch.requests.store import steps_of_requests
from dispatch.schemas import AmendmentOut, SlipItem, SlipOut
from dispatch.slips import store
from dispatch.slips.amending import AMENDABLE
from dispatch.slips.content import (
    Approval,
    Driven,
    Odometer,
    SlipFacts,
    filled_items,
    number_text,
    slip_content,
    slip_year,
)
from dispatch.tables import Order, Request, RequestStep, Slip
from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL, Purpose, ServiceKind
from fleet.access import Actor
from kit.errors import NotFound
from kit.ids import new_id

_APPROVAL_LABEL: dict[str, str] = {RequestAction.SUBMIT: "申请", RequestAction.APPROVE: "同意"}


async def issue_slip(session: AsyncSession, order: Order, now: datetime) -> str:
    """Write the order's slip under the issuer's next number; return the number as printed.

    The counter is locked from here to the end of the transaction, so this comes last.
    """
    served = [request for _, request in await requests_of_orders(session, [order.id])]
    steps = await steps_of_requests(session, [request.id for request in served])
    refs = await _refs(session, order, served, steps)
    people = await _passengers(session, served, refs)
    purpose = await _purpose(session, order, served)
    year = slip_year(now)
    number = await store.next_number(session, order.issuer_no, year)
    facts = SlipFacts(
        number_text=number_text(year, number),
        issuer=refs.organisations[order.issuer_no].name,
        dispatcher=refs.people[order.dispatcher_no].name,
        unit=refs.organisations[order.organisation_no].name,
        passenger=people.names,
        passenger_phone=people.phones,
        purpose=purpose,
        passengers=people.count,
        waypoints=_waypoints(served),
        start=order.period.lower or now,
        end=order.period.upper or now,
        plate=refs.vehicles[order.vehicle_no].plate if order.vehicle_no else "",
        driver=refs.drivers[order.driver_no].name if order.driver_no else "",
        cross_unit=order.cross_unit,
        approvals=_approvals(steps, refs),
    )
    session.add(
        Slip(
            id=new_id(),
            order_id=order.id,
            issuer_no=order.issuer_no,
            year=year,
            number=number,
            content=slip_content(facts),
            issued_at=now,
        )
    )
    return facts.number_text


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
    items = filled_items(slip.content, driven)
    if not await may_call(session, actor, order):
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
        amendments=await _amendments(session, slip),
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


async def _amendments(session: AsyncSession, slip: Slip) -> list[AmendmentOut]:
    found = await store.amendments_of(session, slip.id)
    refs = await load_refs(session, people=[one.by_no for one in found])
    return [
        AmendmentOut(
            number=one.number,
            action=one.action,
            item=one.item,
            label=AMENDABLE[one.item],
            was=one.was,
            becomes=one.becomes,
            by=refs.people[one.by_no].name,
            at=one.at,
            reason=one.reason,
        )
        for one in found
    ]


async def _refs(
    session: AsyncSession, order: Order, served: Sequence[Request], steps: Sequence[RequestStep]
) -> Refs:
    return await load_refs(
        session,
        organisations=[order.organisation_no, order.issuer_no],
        people=[
            order.dispatcher_no,
            *(request.passenger_no for request in served),
            *(step.actor_no for step in steps),
        ],
        vehicles=[order.vehicle_no],
        drivers=[order.driver_no],
    )


@dataclass(frozen=True, slots=True)
class _People:
    """What a slip prints about passengers."""

    names: str | None
    phones: str | None
    count: int | None


async def _passengers(session: AsyncSession, served: Sequence[Request], refs: Refs) -> _People:
    if not served:
        return _People(None, None, None)
    phones = await store.phones_of(session, [request.passenger_no for request in served])
    return _People(
        names="、".join(refs.people[request.passenger_no].name for request in served),
        phones=SEPARATOR.join(phones) or None,
        count=sum(request.passengers for request in served),
    )


async def _purpose(session: AsyncSession, order: Order, served: Sequence[Request]) -> str:
    """Return the purposes of the requests, or the vehicle's own need."""
    if order.service_kind is not None:
        label = SERVICE_LABEL[ServiceKind(order.service_kind)]
        reason = (await last_step(session, order.id)).reason
        return f"车务派车 · {label}：{reason}" if reason else f"车务派车 · {label}"
    return "；".join(f"{PURPOSE_LABEL[Purpose(r.purpose)]}：{r.purpose_text}" for r in served)


def _waypoints(served: Sequence[Request]) -> list[str]:
    names: list[str] = []
    for request in served:
        names += [request.origin_name, request.destination_name]
        if request.round_trip:
            names.append(request.origin_name)
    return names


def _approvals(steps: Sequence[RequestStep], refs: Refs) -> list[Approval]:
    return [
        Approval(refs.people[step.actor_no].name, _APPROVAL_LABEL[step.action], step.at)
        for step in steps
        if step.action in _APPROVAL_LABEL and step.actor_no is not None
    ]
