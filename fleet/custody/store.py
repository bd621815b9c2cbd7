"""SQL of custody, inside the scope that it is told: an item belongs to its vehicle's unit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.custody.tables import Custody, CustodyItem
from fleet.custody.words import CustodyKind
from fleet.lists import AnyRow, Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.pages import read_newest
from fleet.people.tables import Person
from fleet.places.tables import Place
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, instant_in


def _items(scope: Scope, now: datetime, held: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    keeper = aliased(Organisation)
    return (
        select(
            CustodyItem,
            Custody,
            VehicleUnit.organisation_no.label("unit_no"),
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("plate"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Place.id.label("place_id"),
            Place.name.label("place_name"),
            keeper.id.label("keeper_id"),
            keeper.name.label("keeper_name"),
        )
        .join(Vehicle, Vehicle.no == CustodyItem.vehicle_no)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .join(Custody, (Custody.item_no == CustodyItem.no) & held)
        .outerjoin(Person, Person.no == Custody.person_no)
        .outerjoin(Place, Place.no == Custody.place_no)
        .outerjoin(keeper, keeper.no == Custody.organisation_no)
        .where(within(VehicleUnit.organisation_no, scope))
    )


async def custodies(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    at: datetime,
    kind: CustodyKind | None,
    vehicle_id: UUID | None,
    holder_id: UUID | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the items of vehicles that units of `scope` use now, with their holder at `at`.

    Rows are (CustodyItem, Custody, unit_no, vehicle, person, place and keeper by id and name), the
    last entered first. holder_id: the id of the person, the place or the organisation that holds
    """
    statement = _items(scope, now, in_force(Custody.period, at))
    if kind is not None:
        statement = statement.where(CustodyItem.kind == kind)
    if vehicle_id is not None:
        statement = statement.where(Vehicle.id == vehicle_id)
    if holder_id is not None:
        held_by = select(Organisation.no).where(Organisation.id == holder_id)
        statement = statement.where(
            or_(
                Person.id == holder_id,
                Place.id == holder_id,
                Custody.organisation_no.in_(held_by),
            )
        )
    return await read_newest(session, statement, CustodyItem.id, part)


async def item_row(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> AnyRow:
    """Return an item as `custodies` does, with its last holder, locked. Raises NotFound."""
    last = (
        select(func.max(Custody.no))
        .where(Custody.item_no == CustodyItem.no)
        .correlate(CustodyItem)
        .scalar_subquery()
    )
    locked = await session.scalar(
        select(CustodyItem.no).where(CustodyItem.id == id).with_for_update()
    )
    row = (
        await session.execute(
            _items(scope, now, Custody.no == last)
            .where(CustodyItem.no == locked)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such item within your scope.")
    return row


async def last_custody(session: AsyncSession, item: CustodyItem) -> Custody:
    """Return the newest row of an item's holders."""
    return (
        await session.scalars(
            select(Custody).where(Custody.item_no == item.no).order_by(Custody.no.desc()).limit(1)
        )
    ).one()


async def holders(session: AsyncSession, item_no: int, part: Slice) -> Page[Row[*tuple[Any, ...]]]:
    """Return who held an item, the newest first, as (Custody, person, place and keeper)."""
    keeper = aliased(Organisation)
    since = func.lower(Custody.period)
    statement = (
        select(
            Custody,
            since.label("since"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Place.id.label("place_id"),
            Place.name.label("place_name"),
            keeper.id.label("keeper_id"),
            keeper.name.label("keeper_name"),
        )
        .outerjoin(Person, Person.no == Custody.person_no)
        .outerjoin(Place, Place.no == Custody.place_no)
        .outerjoin(keeper, keeper.no == Custody.organisation_no)
        .where(Custody.item_no == item_no)
        .order_by(since.desc())
        .limit(part.limit + 1)
    )
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(since < instant_in(key[0]))
    rows = (await session.execute(statement)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    shown = rows[: part.limit]
    return Page(shown, encode_cursor((shown[-1].since.isoformat(),)))


async def holder_name(session: AsyncSession, row: Custody) -> str:
    """Return the name of who or what holds by this row."""
    name = await session.scalar(
        select(
            func.coalesce(
                select(Person.name).where(Person.no == row.person_no).scalar_subquery(),
                select(Place.name).where(Place.no == row.place_no).scalar_subquery(),
                select(Organisation.name)
                .where(Organisation.no == row.organisation_no)
                .scalar_subquery(),
            )
        )
    )
    return str(name)
