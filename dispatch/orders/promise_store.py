"""SQL of promises: what stands for a request, and the arrival that a suggestion has shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Promise, Suggestion

# Where the dispatcher names no suggestion, one this fresh still says how far away a vehicle is.
FRESH = timedelta(minutes=10)

_ARRIVAL_S: ColumnElement[str] = literal_column(
    "CAST('$[*] ? (@.vehicle.id == $id).arrival_s' AS jsonpath)"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How long a vehicle needs to the pick-up, and the suggestion that says so."""

    seconds: int
    suggestion_id: UUID | None = None


async def standing_promises(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, Promise]:
    """Return the newest promise of each of these requests that was told one, taken back or not."""
    rows = await session.scalars(
        select(Promise)
        .where(Promise.request_id.in_(request_ids))
        .ext(distinct_on(Promise.request_id))
        .order_by(Promise.request_id, Promise.no.desc())
    )
    return {row.request_id: row for row in rows}


async def promised_pickups(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, datetime]:
    """Return the pick-up time that holds for each of these requests that has one."""
    return pickups_of(await standing_promises(session, request_ids))


def pickups_of(told: Mapping[UUID, Promise]) -> dict[UUID, datetime]:
    """Return the pick-up times that these promises tell, by the request's id."""
    return {id: one.pickup_at for id, one in told.items() if one.pickup_at is not None}


@dataclass(frozen=True, slots=True)
class FirstTold:
    """The first of the pick-ups that a passenger was told since none held, and when it was told."""

    pickup_at: datetime
    at: datetime


async def first_told(session: AsyncSession, request_ids: Sequence[UUID]) -> dict[UUID, FirstTold]:
    """Return what each of these requests was told first, since a promise was last taken back."""
    taken_back = (
        select(Promise.request_id, func.max(Promise.no).label("no"))
        .where(Promise.request_id.in_(request_ids), Promise.pickup_at.is_(None))
        .group_by(Promise.request_id)
        .subquery()
    )
    rows = await session.execute(
        select(Promise.request_id, Promise.pickup_at, Promise.told_at)
        .outerjoin(taken_back, taken_back.c.request_id == Promise.request_id)
        .where(
            Promise.request_id.in_(request_ids),
            Promise.no > func.coalesce(taken_back.c.no, 0),
        )
        .ext(distinct_on(Promise.request_id))
        .order_by(Promise.request_id, Promise.no)
    )
    return {id: FirstTold(at, told_at) for id, at, told_at in rows if at is not None}


async def suggested_arrival(
    session: AsyncSession,
    request_id: UUID,
    vehicle_id: UUID,
    suggestion_id: UUID | None,
    now: datetime,
) -> Arrival | None:
    """Return how long the vehicle needs by the suggestion named, or by the newest fresh one."""
    query = select(Suggestion.id, _arrival_s(vehicle_id)).where(Suggestion.request_id == request_id)
    if suggestion_id is not None:
        query = query.where(Suggestion.id == suggestion_id)
    else:
        query = query.where(Suggestion.recorded_at > now - FRESH)
    row = (await session.execute(query.order_by(Suggestion.id.desc()).limit(1))).one_or_none()
    return Arrival(row[1], row[0]) if row and isinstance(row[1], int) else None


def _arrival_s(vehicle_id: UUID) -> ColumnElement[object]:
    """Return the seconds that a suggestion has shown of a vehicle, or nothing.

    Looked up where the candidates are: a hundred kilobytes needn't be read for one number.
    """
    asked = func.jsonb_build_object("id", cast(str(vehicle_id), Text))
    return func.jsonb_path_query_first(Suggestion.candidates, _ARRIVAL_S, asked, type_=JSONB)
