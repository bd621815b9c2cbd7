"""Where was a vehicle at an instant: the last position known by then and the first one after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.refs import VehicleRef
from tracking.history.looking import Look, find_vehicle
from tracking.history.positions import history_bounds
from tracking.history.windows import RESOLUTION, back_from, on_from
from tracking.questions import store
from tracking.questions.schemas import Fix, Whereabouts


async def where_at(
    session: AsyncSession, look: Look, vehicle_id: UUID, at: datetime
) -> Whereabouts:
    """Return a vehicle's whereabouts. Raises NotFound outside the actor's scope."""
    vehicle = await find_vehicle(session, look, vehicle_id)
    look.journal(session, "track.read", vehicle.id, {"at": at.isoformat()})
    before, after = await either_side(session, vehicle.no, at)
    return Whereabouts(
        vehicle=VehicleRef(id=vehicle.id, plate=vehicle.plate),
        at=at,
        before=before and fix(before, at),
        after=after and fix(after, at),
    )


async def either_side(
    session: AsyncSession, vehicle_no: int, at: datetime
) -> tuple[Row[Any] | None, Row[Any] | None]:
    """Return the newest position up to an instant and the oldest after it."""
    before = after = None
    bounds = await history_bounds(session)
    if bounds is None:
        return None, None
    # Windows are half-open: a position of this very instant is known by then.
    just_after = at + RESOLUTION
    for since, until in back_from(min(just_after, bounds[1]), bounds[0]):
        if (before := await store.newest_in(session, vehicle_no, since, until)) is not None:
            break
    for since, until in on_from(max(just_after, bounds[0]), bounds[1]):
        if (after := await store.oldest_in(session, vehicle_no, since, until)) is not None:
            break
    return before, after


def fix(row: Row[Any], at: datetime) -> Fix:
    """Return a row as the API tells it."""
    return Fix(
        time=row.time,
        age_s=round(abs((at - row.time).total_seconds())),
        latitude=row.latitude,
        longitude=row.longitude,
        speed_kmh=row.speed_kmh,
        course_deg=row.course_deg,
    )
