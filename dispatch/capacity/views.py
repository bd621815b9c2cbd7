"""Reservations as the API shows them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.schemas import ReservationOut
from dispatch.capacity.tables import Reservation
from dispatch.refs import load_refs
from dispatch.schemas import PeriodOut
from dispatch.tables import Request


async def reservations_out(
    session: AsyncSession, rows: Sequence[tuple[Reservation, Request]]
) -> list[ReservationOut]:
    """Return reservations with their requests as they are shown."""
    refs = await load_refs(
        session,
        organisations=[one.organisation_no for one, _ in rows],
        people=[one.made_by_no for one, _ in rows],
    )
    return [
        ReservationOut.model_validate(
            {
                "id": one.id,
                "request_id": one.request_id,
                "state": one.state,
                "organisation": refs.organisations[one.organisation_no],
                "category": one.category,
                "energy": one.energy,
                "holding": one.holding,
                "sharing": one.sharing,
                "ride": PeriodOut.model_validate(
                    {"start": request.period.lower, "end": request.period.upper}
                ),
                "period": PeriodOut.model_validate(
                    {"start": one.period.lower, "end": one.period.upper}
                ),
                "made_by": refs.people[one.made_by_no] if one.made_by_no else None,
                "automatic": one.automatic,
                "order_id": one.order_id,
                "ended_at": one.ended_at,
                "reason": one.reason,
                "recorded_at": one.recorded_at,
            }
        )
        for one, request in rows
    ]
