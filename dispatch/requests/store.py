"""SQL of requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.requests.urgency import Urgency, after, priority_column, urgency_columns
from dispatch.tables import Order, OrderRequest, Request, RequestStep, SeriesRide
from fleet.tables import Organisation, Person, PersonRole


async def find_request(
    session: AsyncSession, request_id: UUID, seen: ColumnElement[bool]
) -> Request | None:
    """Return the request if it exists for whoever sees by this condition."""
    return (
        await session.scalars(select(Request).where(Request.id == request_id, seen))
    ).one_or_none()


async def lock_request(
    session: AsyncSession, request_id: UUID, seen: ColumnElement[bool]
) -> Request | None:
    """Return the request as it is now, locked until the transaction ends."""
    return (
        await session.scalars(
            select(Request)
            .where(Request.id == request_id, seen)
            .with_for_update(of=Request)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def lock_requests_of(session: AsyncSession, order_id: UUID) -> Sequence[Request]:
    """Return the requests that an order serves, locked in id order."""
    return (
        await session.scalars(
            select(Request)
            .join(OrderRequest, OrderRequest.request_id == Request.id)
            .where(OrderRequest.order_id == order_id)
            .order_by(Request.id)
            .with_for_update(of=Request)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_requests(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    before: UUID | None,
    limit: int,
) -> Sequence[Request]:
    """Return at most `limit` requests that meet all conditions, newest first."""
    query = select(Request).where(*conditions).order_by(Request.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Request.id < before)
    return (await session.scalars(query)).all()


async def list_by_urgency(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    place: Urgency | None,
    limit: int,
) -> list[tuple[Request, int]]:
    """Return at most `limit` requests that meet all conditions, most urgent first, with classes."""
    query = select(Request, priority_column()).where(*conditions)
    if place is not None:
        query = query.where(after(place))
    rows = await session.execute(query.order_by(*urgency_columns()).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def steps_of_requests(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> Sequence[RequestStep]:
    """Return all steps of these requests, in the order in which they were taken."""
    return (
        await session.scalars(
            select(RequestStep)
            .where(RequestStep.request_id.in_(request_ids))
            .order_by(RequestStep.no)
        )
    ).all()


async def orders_of_requests(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, Order]:
    """Return the newest order of each of these requests that has one, by the request's id."""
    rows = await session.execute(
        select(OrderRequest.request_id, Order)
        .join(Order, Order.id == OrderRequest.order_id)
        .where(OrderRequest.request_id.in_(request_ids))
        .order_by(Order.id)
    )
    return {row.request_id: row.Order for row in rows}


def in_series() -> ColumnElement[bool]:
    """Return the condition on `Request` that it is a ride of a series (周期用车)."""
    return exists().where(SeriesRide.request_id == Request.id)


async def series_of_requests(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return the series of each of these requests that is a ride of one, by the request's id."""
    rows = await session.execute(
        select(SeriesRide.request_id, SeriesRide.series_id).where(
            SeriesRide.request_id.in_(request_ids)
        )
    )
    return {row.request_id: row.series_id for row in rows}


async def order_id_of(session: AsyncSession, request_id: UUID) -> UUID | None:
    """Return the id of the newest order that serves a request."""
    return (
        await session.scalars(
            select(OrderRequest.order_id)
            .where(OrderRequest.request_id == request_id)
            .order_by(OrderRequest.order_id.desc())
            .limit(1)
        )
    ).one_or_none()


async def organisation_no(session: AsyncSession, organisation_id: UUID) -> int | None:
    """Return the number of an organisation by its id."""
    return (
        await session.scalars(select(Organisation.no).where(Organisation.id == organisation_id))
    ).one_or_none()


async def person_no_in(
    session: AsyncSession, person_id: UUID, scope: frozenset[int], now: datetime
) -> int | None:
    """Return the number of a person who holds a role in the scope now."""
    return (
        await session.scalars(
            select(Person.no)
            .join(PersonRole, PersonRole.person_no == Person.no)
            .where(
                Person.id == person_id,
                Person.disabled_at.is_(None),
                PersonRole.organisation_no.in_(scope),
                PersonRole.period.contains(now),
            )
            .limit(1)
        )
    ).one_or_none()
