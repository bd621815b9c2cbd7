"""SQL of documents, inside the scope that it is told."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.documents.tables import VehicleDocument
from fleet.documents.words import DocumentKind
from fleet.lists import Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.clock import day_start
from kit.errors import NotFound
from kit.paging import BadCursor, Page, decode_cursor, encode_cursor, uuid_in


async def document_no_of(session: AsyncSession, vehicle_no: int, id: UUID | None) -> int | None:
    """Return the number of a vehicle's document. Raises NotFound when it is another's."""
    if id is None:
        return None
    no: int | None = await session.scalar(
        select(VehicleDocument.no).where(
            VehicleDocument.id == id,
            VehicleDocument.vehicle_no == vehicle_no,
            VehicleDocument.withdrawn_at.is_(None),
        )
    )
    if no is None:
        raise NotFound("The vehicle has no such document.")
    return no


def _documents() -> Select[*tuple[Any, ...]]:
    return (
        select(
            VehicleDocument,
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("vehicle_plate"),
        )
        .join(Vehicle, Vehicle.no == VehicleDocument.vehicle_no)
        .where(VehicleDocument.withdrawn_at.is_(None))
    )


async def ends_of(
    session: AsyncSession,
    vehicle_nos: Iterable[int],
    kinds: Collection[DocumentKind],
    before: date | None = None,
) -> dict[tuple[int, DocumentKind], datetime]:
    """Return when documents of vehicles end, by vehicle and kind, as far as that is written.

    Of several of a kind the one that lasts longest counts; it holds to the end of its last day.
    before: only those whose last day comes before this one
    """
    last = func.max(VehicleDocument.expires_on)
    statement = (
        select(VehicleDocument.vehicle_no, VehicleDocument.kind, last)
        .where(
            within(VehicleDocument.vehicle_no, vehicle_nos),
            VehicleDocument.kind.in_(kinds),
            VehicleDocument.withdrawn_at.is_(None),
            VehicleDocument.expires_on.is_not(None),
        )
        .group_by(VehicleDocument.vehicle_no, VehicleDocument.kind)
    )
    if before is not None:
        statement = statement.having(last < before)
    rows = await session.execute(statement)
    return {
        (no, DocumentKind(kind)): day_start(day + timedelta(days=1))
        for no, kind, day in rows
        if day is not None
    }


async def expiring(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    before: date | None,
    kind: DocumentKind | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return documents of present vehicles that expire, the soonest first.

    before: only those whose last day comes before this one
    """
    statement = (
        _documents()
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .where(
            within(VehicleUnit.organisation_no, scope),
            Vehicle.withdrawn_at.is_(None),
            VehicleDocument.expires_on.is_not(None),
        )
    )
    if before is not None:
        statement = statement.where(VehicleDocument.expires_on < before)
    if kind is not None:
        statement = statement.where(VehicleDocument.kind == kind)
    key = decode_cursor(part.cursor, 2)
    if key is not None:
        statement = statement.where(
            tuple_(VehicleDocument.expires_on, VehicleDocument.id)
            > (_day_in(key[0]), uuid_in(key[1]))
        )
    rows = (
        await session.execute(
            statement.order_by(VehicleDocument.expires_on, VehicleDocument.id).limit(part.limit + 1)
        )
    ).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last: VehicleDocument = rows[part.limit - 1][0]
    assert last.expires_on is not None
    return Page(rows[: part.limit], encode_cursor((last.expires_on.isoformat(), str(last.id))))


async def documents_of(
    session: AsyncSession, vehicle_no: int, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return a vehicle's documents, the newest first."""
    statement = _documents().where(VehicleDocument.vehicle_no == vehicle_no)
    key = decode_cursor(part.cursor, 1)
    if key is not None:
        statement = statement.where(VehicleDocument.id < uuid_in(key[0]))
    statement = statement.order_by(VehicleDocument.id.desc()).limit(part.limit + 1)
    rows = (await session.execute(statement)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


async def document_row(session: AsyncSession, id: UUID) -> Row[*tuple[Any, ...]]:
    """Return a document and its vehicle. Raises NotFound; the caller checks the vehicle's scope."""
    row = (await session.execute(_documents().where(VehicleDocument.id == id))).one_or_none()
    if row is None:
        raise NotFound("There is no such document within your scope.")
    return row


def _day_in(part: str | int) -> date:
    try:
        return date.fromisoformat(str(part))
    except ValueError as error:
        raise BadCursor from error
