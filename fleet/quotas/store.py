"""SQL of quotas and standards."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.quotas.standards import Cap
from fleet.quotas.tables import Quota, SecretVehicleCount, Standard
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import Body, Condition, LifeState
from fleet.words import Category, Holding
from kit.paging import Page

Key = tuple[int, str]
"""An organisation's number and a category."""

# UNION, not UNION ALL: a circle, should one ever stand in the tree, ends the search.
_ABOVE = text("""
    WITH RECURSIVE above AS (
        SELECT unnest(CAST(:nos AS bigint[])) AS no
        UNION
        SELECT p.parent_no FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT no FROM above
""")

_ABOVE_EACH = text("""
    WITH RECURSIVE above AS (
        SELECT no AS below, no FROM unnest(CAST(:nos AS bigint[])) AS no
        UNION
        SELECT above.below, p.parent_no FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT below, no FROM above
""")


def _counts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a vehicle takes a place of its unit's quota.

    A rented one takes none, and one whose renewal is decided has left its place to the next.
    """
    return (
        in_force(VehicleUnit.period, now),
        Vehicle.withdrawn_at.is_(None),
        Vehicle.holding != Holding.RENTAL,
        Vehicle.state != LifeState.RENEWED,
    )


async def lock_quotas(
    session: AsyncSession, keys: Collection[Key], now: datetime
) -> dict[Key, Quota]:
    """Return the quotas in force of these units and categories, held until the end.

    They are locked in the order of their numbers; whoever adds a vehicle to one waits for the
    other, and counts after the lock.
    """
    rows = await session.scalars(
        select(Quota)
        .where(
            tuple_(Quota.organisation_no, Quota.category).in_(sorted(keys)),
            in_force(Quota.period, now),
        )
        .order_by(Quota.no)
        .with_for_update()
    )
    return {(row.organisation_no, row.category): row for row in rows}


async def used(session: AsyncSession, keys: Collection[Key], now: datetime) -> dict[Key, int]:
    """Return how many places are taken now; a unit and category without any is left out."""
    rows = await session.execute(
        select(VehicleUnit.organisation_no, Vehicle.category, func.count())
        .join(Vehicle, Vehicle.no == VehicleUnit.vehicle_no)
        .where(
            tuple_(VehicleUnit.organisation_no, Vehicle.category).in_(sorted(keys)),
            *_counts(now),
        )
        .group_by(VehicleUnit.organisation_no, Vehicle.category)
    )
    return {(no, category): count for no, category, count in rows}


async def quotas(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    category: Category | None,
    over: bool | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return quotas in force as (Quota, organisation as id and name, used)."""
    taken = (
        select(
            VehicleUnit.organisation_no.label("organisation_no"),
            Vehicle.category.label("category"),
            func.count().label("used"),
        )
        .join(Vehicle, Vehicle.no == VehicleUnit.vehicle_no)
        .where(within(VehicleUnit.organisation_no, scope), *_counts(now))
        .group_by(VehicleUnit.organisation_no, Vehicle.category)
        .subquery()
    )
    count = func.coalesce(taken.c.used, 0)
    statement = (
        select(
            Quota,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            count.label("used"),
        )
        .join(Organisation, Organisation.no == Quota.organisation_no)
        .outerjoin(
            taken,
            and_(
                taken.c.organisation_no == Quota.organisation_no,
                taken.c.category == Quota.category,
            ),
        )
        .where(within(Quota.organisation_no, scope), in_force(Quota.period, now))
    )
    if category is not None:
        statement = statement.where(Quota.category == category)
    if over is not None:
        statement = statement.where((count > Quota.count) if over else (count <= Quota.count))
    return await read_page(session, statement, Organisation.sort_key, Quota.id, part)


async def quota_rows(
    session: AsyncSession, organisation_no: int, category: Category
) -> Sequence[Quota]:
    """Return all quotas of a unit and category, the latest first, held until the end."""
    rows = await session.scalars(
        select(Quota)
        .where(Quota.organisation_no == organisation_no, Quota.category == category)
        .order_by(func.lower(Quota.period).desc().nulls_last())
        .with_for_update()
    )
    return rows.all()


async def above_all(session: AsyncSession, scope: Scope, now: datetime) -> Scope:
    """Return the numbers of these organisations and of all that stand above them."""
    return frozenset(await session.scalars(_ABOVE, {"nos": sorted(scope), "now": now}))


async def caps(
    session: AsyncSession, organisation_nos: Collection[int], now: datetime
) -> dict[int, list[Cap]]:
    """Return the standards that hold for organisations: the nation's, and their levels' own."""
    above: dict[int, set[int]] = {no: set() for no in organisation_nos}
    levels = await session.execute(_ABOVE_EACH, {"nos": sorted(above), "now": now})
    for below, no in levels:
        above[below].add(no)
    setters = frozenset().union(*above.values())
    rows = await session.scalars(
        select(Standard).where(
            Standard.organisation_no.is_(None) | within(Standard.organisation_no, setters),
            in_force(Standard.period, now),
        )
    )
    found = [cap(row) for row in rows]
    return {
        no: [one for one in found if one.setter_no is None or one.setter_no in own]
        for no, own in above.items()
    }


def cap(row: Standard) -> Cap:
    """Return a row as the rule reads it."""
    return Cap(
        setter_no=row.organisation_no,
        category=Category(row.category) if row.category else None,
        condition=Condition(row.condition),
        bodies=frozenset(Body(word) for word in row.bodies.split(",") if word),
        new_energy=row.new_energy,
        price_fen=row.price_fen,
        displacement_ml=row.displacement_ml,
    )


async def standards(
    session: AsyncSession, scope: Scope, now: datetime, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the standards in force, the nation's and the scope's, as (Standard, setter)."""
    statement = (
        select(
            Standard,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
        )
        .outerjoin(Organisation, Organisation.no == Standard.organisation_no)
        .where(
            Standard.organisation_no.is_(None) | within(Standard.organisation_no, scope),
            in_force(Standard.period, now),
        )
    )
    return await read_page(session, statement, Standard.condition, Standard.id, part)


async def same_standards(session: AsyncSession, wanted: Standard) -> Sequence[Standard]:
    """Return what the setter has said of this kind, the latest first, held until the end."""
    rows = await session.scalars(
        select(Standard)
        .where(
            Standard.organisation_no == wanted.organisation_no,
            Standard.category.is_not_distinct_from(wanted.category),
            Standard.condition == wanted.condition,
            Standard.bodies == wanted.bodies,
            Standard.new_energy == wanted.new_energy,
        )
        .order_by(func.lower(Standard.period).desc().nulls_last())
        .with_for_update()
    )
    return rows.all()


async def secret_counts(
    session: AsyncSession, scope: Scope, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the counts of secret vehicles as (SecretVehicleCount, organisation)."""
    statement = (
        select(
            SecretVehicleCount,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
        )
        .join(Organisation, Organisation.no == SecretVehicleCount.organisation_no)
        .where(within(SecretVehicleCount.organisation_no, scope))
    )
    return await read_page(session, statement, Organisation.sort_key, Organisation.id, part)
