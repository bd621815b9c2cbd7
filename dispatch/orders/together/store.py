"""SQL of many orders at once: what is held of pools and for requests, and who was suggested."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.model import Span
from dispatch.capacity.spans import span_of
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.orders.promise_store import FRESH
from dispatch.tables import Suggestion
from fleet.lists import within
from fleet.tables import Vehicle


async def held_spans(
    session: AsyncSession, pool_nos: Collection[int], now: datetime
) -> dict[int, list[Span]]:
    """Return when reservations that are held take a vehicle of each pool of which any is."""
    rows = await session.execute(
        select(Reservation.organisation_no, Reservation.period).where(
            within(Reservation.organisation_no, pool_nos),
            Reservation.state == ReservationState.HELD,
            Reservation.period.overlaps(Range(now, None, bounds="[)")),
        )
    )
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for no, period in rows:
        found[no].append(span_of(period))
    return found


async def reserved_for(session: AsyncSession, request_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these requests for which something is held."""
    return set(
        await session.scalars(
            select(Reservation.request_id).where(
                Reservation.request_id.in_(request_ids), Reservation.state == ReservationState.HELD
            )
        )
    )


async def suggested_lately(
    session: AsyncSession, request_ids: Collection[UUID], now: datetime
) -> set[UUID]:
    """Return those of these requests for which a suggestion still says how far vehicles are."""
    return set(
        await session.scalars(
            select(Suggestion.request_id).where(
                Suggestion.request_id.in_(request_ids), Suggestion.recorded_at > now - FRESH
            )
        )
    )


async def vehicle_ids(session: AsyncSession, nos: Collection[int]) -> dict[int, UUID]:
    """Return the ids of vehicles by their numbers."""
    rows = await session.execute(select(Vehicle.no, Vehicle.id).where(within(Vehicle.no, nos)))
    return {row.no: row.id for row in rows}
