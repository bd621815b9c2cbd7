"""SQL of what takes a pool's vehicles: orders, what was reserved for them, outages and sealings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.fitting import seconds
from dispatch.capacity.model import Span
from dispatch.capacity.spans import gaps, span_of
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.filings.store import sealed_duty_periods
from dispatch.orders.states import OUT, PROMISED
from dispatch.tables import Order
from fleet.lists import within
from fleet.sealings.standing import UnitVehicle, standing_in
from fleet.tables import Outage

# A vehicle that should be back and isn't is taken to be away for this much longer.
OVERDUE = timedelta(hours=1)


async def taken_spans(
    session: AsyncSession,
    nos: Iterable[int],
    period: Range[datetime],
    now: datetime,
    rest_s: int,
    apart_from: Collection[UUID],
) -> dict[int, list[Span]]:
    """Return what takes vehicles: outages, and orders with the ways that were reserved for them."""
    nos = list(nos)
    found: dict[int, list[Span]] = defaultdict(list)
    assert period.lower is not None
    reaching = Range(period.lower - timedelta(seconds=rest_s), period.upper, bounds="[)")
    orders = await session.execute(
        select(Order.vehicle_no, Order.period, Order.state, Reservation.period)
        .outerjoin(
            Reservation,
            (Reservation.order_id == Order.id) & (Reservation.state == ReservationState.BOUND),
        )
        .where(
            within(Order.vehicle_no, nos),
            Order.state.in_(PROMISED),
            or_(
                Order.period.overlaps(reaching),
                Reservation.period.overlaps(period),
                Order.state.in_(OUT),
            ),
            Order.id.not_in(apart_from),
        )
    )
    for no, promised, state, reserved in orders:
        assert no is not None
        start, end = span_of(promised)
        if state in OUT:
            end = max(end, seconds(now + OVERDUE))
        found[no].append((start, end + rest_s))
        if reserved is not None:
            found[no].append(span_of(reserved))
    outages = await session.execute(
        select(Outage.vehicle_no, Outage.period).where(
            within(Outage.vehicle_no, nos),
            Outage.withdrawn_at.is_(None),
            Outage.period.overlaps(period),
        )
    )
    for no, out in outages:
        found[no].append(span_of(out))
    return found


async def sealed_spans(
    session: AsyncSession,
    vehicles: Sequence[UnitVehicle],
    period: Range[datetime],
    now: datetime,
) -> dict[int, list[Span]]:
    """Return when vehicles stand sealed, less what filings of duty cover."""
    standing = await standing_in(session, vehicles, period, now)
    if not standing:
        return {}
    filed = await sealed_duty_periods(session, standing, period)
    found = {}
    for no, parts in standing.items():
        covered = [span_of(one) for one in filed.get(no, ())]
        found[no] = [
            gap for part in parts for gap in gaps(covered, (seconds(part.start), seconds(part.end)))
        ]
    return found
