"""What explains a vehicle's kilometres: orders, service orders and accepted filings.

An order explains from its departure to its return as the driver tapped them, with a margin of
ten minutes on both sides, because a tap is not the turn of a wheel. One that has not returned
explains to the end of what is asked, but at most a day beyond its promised end: a forgotten tap
must not explain a vehicle for ever. An interrupted order explains until its interruption. An
order that never departed explains nothing. Where another vehicle took over on the way, the order
explains the first one until the swap and the second one from it on.

A filing is a statement accepted in advance: it explains from its acceptance on, never what was
driven before, so that no finding can be erased by a statement made afterwards.

A signed mobilisation explains, as a filing does, what the vehicles that it calls up drive while it
is in force; but each day only until the back-entries of that day have fallen due. From then on the
day's orders alone explain it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.runs import driven_parts
from dispatch.tables import Filing, Mobilisation, MobilisationUnit, Order
from dispatch.words import OrderKind
from fleet.tables import VehicleUnit
from kit.clock import day_start, shanghai_day

MARGIN = timedelta(seconds=600)
FORGOTTEN_AFTER = timedelta(hours=24)
# A drive that began without an order is to be entered within so long (Shandong's rule on 补单).
DUE_AFTER = timedelta(hours=24)

Kind = Literal["ordered", "service", "filed"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A period [start, end) that an order or a filing explains; `place` is a filing's, if given."""

    kind: Kind
    start: datetime
    end: datetime
    source_id: UUID
    place: str | None = None


async def explanations(
    session: AsyncSession,
    vehicle_no: int,
    start: datetime,
    end: datetime,
    now: datetime | None = None,
) -> list[Explanation]:
    """Return what explains the vehicle within [start, end), cut to it, by start and source.

    now: when it is asked: until back-entries are due a mobilisation explains too; None: it doesn't
    """
    found = [
        *await _from_orders(session, vehicle_no, start, end),
        *await _from_filings(session, vehicle_no, start, end),
    ]
    if now is not None:
        since = max(start, first_day_not_due(now))
        found += await _from_mobilisations(session, vehicle_no, since, end)
    cut = [
        Explanation(e.kind, max(e.start, start), min(e.end, end), e.source_id, e.place)
        for e in found
        if e.start < end and e.end > start
    ]
    return sorted(cut, key=lambda e: (e.start, e.source_id))


def ordered_period(
    departed_at: datetime,
    ended_at: datetime | None,
    promised_end: datetime,
    asked_until: datetime,
) -> tuple[datetime, datetime]:
    """Return the period that an order explains; `ended_at` is its return or interruption."""
    if ended_at is not None:
        return departed_at - MARGIN, ended_at + MARGIN
    latest = max(promised_end, departed_at) + FORGOTTEN_AFTER
    return departed_at - MARGIN, max(departed_at, min(asked_until, latest))


async def _from_orders(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> list[Explanation]:
    parts = driven_parts()
    rows = await session.execute(
        select(Order.id, Order.kind, Order.period, parts.c.since, parts.c.until)
        .join(parts, parts.c.order_id == Order.id)
        .where(
            parts.c.vehicle_no == vehicle_no,
            parts.c.since < end + MARGIN,
            func.coalesce(parts.c.until, end) >= start - MARGIN,
        )
        .order_by(Order.id, parts.c.since)
    )
    found: list[Explanation] = []
    for row in rows:
        since, until = ordered_period(row.since, row.until, row.period.upper, end)
        kind: Kind = "service" if row.kind == OrderKind.SERVICE else "ordered"
        found.append(Explanation(kind, since, until, row.id))
    return found


async def _from_filings(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> list[Explanation]:
    filings = await session.scalars(
        select(Filing).where(
            Filing.vehicle_no == vehicle_no,
            Filing.accepted_at < end,
            Filing.withdrawn_at.is_(None),
            Filing.period.overlaps(Range(start, end, bounds="[)")),
        )
    )
    found: list[Explanation] = []
    for f in filings:
        since, until = f.period.lower or start, f.period.upper or end
        if f.accepted_at is not None and f.accepted_at < until:
            since = max(since, f.accepted_at)
            found.append(Explanation("filed", since, until, f.id, f.place_name))
    return found


def first_day_not_due(now: datetime) -> datetime:
    """Return the start of the first Shanghai day some of whose back-entries may be yet to come."""
    return day_start(shanghai_day(now - DUE_AFTER))


async def _from_mobilisations(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> list[Explanation]:
    """Return where units that used the vehicle were called up."""
    if end <= start:
        return []
    asked = Range(start, end, bounds="[)")
    rows = await session.execute(
        select(Mobilisation.id, Mobilisation.period, VehicleUnit.period.label("used"))
        .join(MobilisationUnit, MobilisationUnit.mobilisation_no == Mobilisation.no)
        .join(VehicleUnit, VehicleUnit.organisation_no == MobilisationUnit.organisation_no)
        .where(
            VehicleUnit.vehicle_no == vehicle_no,
            Mobilisation.period.overlaps(asked),
            VehicleUnit.period.overlaps(asked),
        )
    )
    found: list[Explanation] = []
    for id, period, used in rows:
        since = max(start, period.lower or start, used.lower or start)
        until = min(end, period.upper or end, used.upper or end)
        if since < until:
            found.append(Explanation("filed", since, until, id, None))
    return found
