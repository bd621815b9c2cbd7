"""SQL of series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.requests.states import RequestState
from dispatch.series.tables import RequestSeries, SeriesRide
from dispatch.tables import Request
from fleet.access import Actor
from fleet.lists import AnyRow, Slice, within
from fleet.pages import read_newest
from fleet.permissions import Permission
from kit.paging import Page

_KEPT = (ReservationState.HELD, ReservationState.BOUND)
_NOT_OUT = (
    RequestState.DRAFT,
    RequestState.UNIT_REVIEW,
    RequestState.SENT_BACK,
    RequestState.AWAITING_DISPATCH,
    RequestState.ASSIGNED,
    RequestState.ACCEPTED,
)


def sees_series(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `RequestSeries` under which it exists for the actor."""
    named = or_(
        RequestSeries.applicant_no == actor.person_no,
        RequestSeries.passenger_no == actor.person_no,
    )
    scope = actor.own_scope(Permission.REQUEST_APPLY, Permission.REQUEST_READ)
    own = true() if scope is None else within(RequestSeries.organisation_no, scope)
    read = within(RequestSeries.organisation_no, actor.scope(Permission.REQUEST_READ))
    return or_(read, and_(own, named))


async def find_series(
    session: AsyncSession, series_id: UUID, seen: ColumnElement[bool]
) -> RequestSeries | None:
    """Return the series if it exists for whoever sees by this condition."""
    query = select(RequestSeries).where(RequestSeries.id == series_id, seen)
    return (await session.scalars(query)).one_or_none()


async def lock_series(
    session: AsyncSession, series_id: UUID, seen: ColumnElement[bool]
) -> RequestSeries | None:
    """Return the series as it is now, locked until the transaction ends."""
    query = select(RequestSeries).where(RequestSeries.id == series_id, seen)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).one_or_none()


async def list_series(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], part: Slice
) -> Page[AnyRow]:
    """Return series, the newest first."""
    return await read_newest(
        session, select(RequestSeries).where(*conditions), RequestSeries.id, part
    )


@dataclass(frozen=True, slots=True)
class RideRow:
    """A ride of a series with its request, and what became last of its promise."""

    day: date
    request: Request
    awaits_promise: bool
    alternatives: dict[str, object] | None
    reservation: str | None


async def rides_of(session: AsyncSession, series_id: UUID) -> list[RideRow]:
    """Return the rides of a series, by day."""
    newest = (
        select(Reservation.state)
        .where(Reservation.request_id == SeriesRide.request_id)
        .order_by(Reservation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(SeriesRide, Request, newest)
        .join(Request, Request.id == SeriesRide.request_id)
        .where(SeriesRide.series_id == series_id)
        .order_by(SeriesRide.day)
    )
    return [
        RideRow(ride.day, request, ride.awaits_promise, ride.alternatives, state)
        for ride, request, state in rows
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rides a series has become, and how many of them were promised and refused."""

    rides: int = 0
    promised: int = 0
    refused: int = 0


async def counts_of(session: AsyncSession, series_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Return the counts of these series; one without rides is left out."""
    kept = _has_reservation(*_KEPT)
    refused = ~kept & _has_reservation(ReservationState.REFUSED)
    rows = await session.execute(
        select(
            SeriesRide.series_id,
            func.count(),
            func.count().filter(kept),
            func.count().filter(refused),
        )
        .where(SeriesRide.series_id.in_(series_ids))
        .group_by(SeriesRide.series_id)
    )
    return {id: Counts(*counts) for id, *counts in rows}


def _has_reservation(*states: ReservationState) -> ColumnElement[bool]:
    return exists().where(
        Reservation.request_id == SeriesRide.request_id, Reservation.state.in_(states)
    )


async def rides_to_come(session: AsyncSession, series_id: UUID, now: datetime) -> list[UUID]:
    """Return the requests of the rides that begin later and aren't out, in id order."""
    rows = await session.scalars(
        select(Request.id)
        .join(SeriesRide, SeriesRide.request_id == Request.id)
        .where(
            SeriesRide.series_id == series_id,
            Request.state.in_(_NOT_OUT),
            func.lower(Request.period) > now,
        )
        .order_by(Request.id)
    )
    return list(rows)


async def next_to_promise(session: AsyncSession) -> SeriesRide | None:
    """Return the ride that has waited longest for its promise, locked; nobody else takes it.

    Ids grow with time, and within a series with the day.
    """
    return (
        await session.scalars(
            select(SeriesRide)
            .where(SeriesRide.awaits_promise)
            .order_by(SeriesRide.request_id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()


async def ride_of(session: AsyncSession, request_id: UUID) -> SeriesRide | None:
    """Return the ride that a request is, locked."""
    query = select(SeriesRide).where(SeriesRide.request_id == request_id).with_for_update()
    return (await session.scalars(query)).one_or_none()
