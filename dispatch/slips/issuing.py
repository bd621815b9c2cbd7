"""Issues the slips of new orders."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.slips import store
from dispatch.slips.content import SlipFacts, number_text, slip_content, slip_year
from dispatch.slips.sources import SlipSources, read_sources, served_by, waypoints_of
from dispatch.tables import Order, Request, Slip
from kit.ids import new_id


async def issue_slip(session: AsyncSession, order: Order, now: datetime) -> Slip:
    """Write the order's slip under the issuer's next number.

    The counter is locked from here to the end of the transaction, so this comes last.
    """
    return (await issue_slips(session, [order], now))[order.id]


async def issue_slips(
    session: AsyncSession, orders: Sequence[Order], now: datetime
) -> dict[UUID, Slip]:
    """Write the slips of orders under their issuers' next numbers, in the order of the orders.

    Returns them by the order's id. Everything is read before the counters are locked, those of
    several issuers in the order of their numbers.
    """
    served = await served_by(session, orders)
    sources = await read_sources(session, orders, served)
    by_issuer: defaultdict[int, list[Order]] = defaultdict(list)
    for order in orders:
        by_issuer[order.issuer_no].append(order)
    year = slip_year(now)
    numbers: dict[UUID, int] = {}
    for issuer_no, theirs in sorted(by_issuer.items()):
        drawn = await store.next_numbers(session, issuer_no, year, len(theirs))
        numbers |= {order.id: number for order, number in zip(theirs, drawn, strict=True)}
    slips = {}
    for order in orders:
        number = numbers[order.id]
        facts = _facts(order, served.get(order.id, ()), sources, number_text(year, number), now)
        slips[order.id] = Slip(
            id=new_id(),
            order_id=order.id,
            issuer_no=order.issuer_no,
            year=year,
            number=number,
            content=slip_content(facts),
            issued_at=now,
        )
    session.add_all(slips.values())
    return slips


def _facts(
    order: Order,
    served: Sequence[Request],
    sources: SlipSources,
    number: str,
    now: datetime,
) -> SlipFacts:
    refs, riders = sources.refs, sources.riders(served)
    return SlipFacts(
        number_text=number,
        issuer=refs.organisations[order.issuer_no].name,
        dispatcher=refs.people[order.dispatcher_no].name,
        unit=refs.organisations[order.organisation_no].name,
        passenger=riders.names,
        passenger_phone=riders.phones,
        purpose=sources.purpose(order, served),
        passengers=riders.count,
        waypoints=waypoints_of(served),
        start=order.period.lower or now,
        end=order.period.upper or now,
        plate=refs.vehicles[order.vehicle_no].plate if order.vehicle_no else "",
        driver=refs.drivers[order.driver_no].name if order.driver_no else "",
        cross_unit=order.cross_unit,
        approvals=sources.approvals(served),
    )
