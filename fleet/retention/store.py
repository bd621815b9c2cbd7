"""SQL of retention rules and legal holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.lists import Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person, PersonRole
from fleet.retention.kinds import LIMITS, DataKind
from fleet.retention.tables import Hold, RetentionHorizon, RetentionRule, RetentionRun
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in

AnyRow = Row[*tuple[Any, ...]]


async def lock_retention(session: AsyncSession) -> None:
    """Let nobody place or release a hold while something is erased, nor the other way round."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gongche.retention'))"))


async def rules_in_force(session: AsyncSession, now: datetime) -> dict[DataKind, RetentionRule]:
    """Return the rules that were set; kinds without one follow their default."""
    rows = await session.scalars(select(RetentionRule).where(in_force(RetentionRule.period, now)))
    return {DataKind(row.kind): row for row in rows}


async def keep_days(session: AsyncSession, now: datetime) -> Mapping[DataKind, int]:
    """Return for how many days each kind of data is kept."""
    rules = await rules_in_force(session, now)
    return {
        kind: rules[kind].keep_days if kind in rules else limits.default_days
        for kind, limits in LIMITS.items()
    }


async def end_rule(session: AsyncSession, rule: RetentionRule, now: datetime) -> None:
    """Let a rule hold until `now`."""
    await session.execute(
        update(RetentionRule)
        .where(RetentionRule.no == rule.no)
        .values(period=func.tstzrange(func.lower(RetentionRule.period), now))
    )


async def erased_before(session: AsyncSession, kind: DataKind) -> datetime | None:
    """Return up to when a kind has been erased, None if never."""
    found: datetime | None = await session.scalar(
        select(RetentionHorizon.before).where(RetentionHorizon.kind == kind)
    )
    return found


async def move_horizon(session: AsyncSession, kind: DataKind, before: datetime) -> None:
    """Say that a kind is erased up to `before`; it never moves back."""
    statement = insert(RetentionHorizon).values(kind=kind, before=before)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["kind"],
            set_={"before": func.greatest(RetentionHorizon.before, statement.excluded.before)},
        )
    )


async def last_run(session: AsyncSession) -> RetentionRun | None:
    """Return the newest daily run."""
    return await session.scalar(select(RetentionRun).order_by(RetentionRun.day.desc()).limit(1))


async def earliest_hold(session: AsyncSession) -> datetime | None:
    """Return since when anything is held, None without an open hold; the epoch if unbounded."""
    found: datetime | None = await session.scalar(
        select(func.min(func.lower(Hold.period))).where(Hold.released_at.is_(None))
    )
    return found


_SHOWN_VEHICLE = (Vehicle.id.label("vehicle_id"), Vehicle.plate.label("plate"))


async def holds(
    session: AsyncSession, scope: Scope, *, open_only: bool, part: Slice
) -> Page[AnyRow]:
    """Return holds, the newest first, as (Hold, organisation, vehicle, person, who placed it)."""
    placer = aliased(Person)
    statement = (
        select(
            Hold,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            *_SHOWN_VEHICLE,
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            placer.id.label("placer_id"),
            placer.name.label("placer_name"),
        )
        .join(Organisation, Organisation.no == Hold.organisation_no)
        .outerjoin(Vehicle, Vehicle.no == Hold.vehicle_no)
        .outerjoin(Person, Person.no == Hold.person_no)
        .outerjoin(placer, placer.no == Hold.placed_by_no)
        .where(within(Hold.organisation_no, scope))
    )
    if open_only:
        statement = statement.where(Hold.released_at.is_(None))
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(Hold.id < uuid_in(key[0]))
    rows = (await session.execute(statement.order_by(Hold.id.desc()).limit(part.limit + 1))).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


async def hold_in(session: AsyncSession, id: UUID, scope: Scope) -> Hold:
    """Return a hold. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Hold).where(Hold.id == id, within(Hold.organisation_no, scope))
    )
    if row is None:
        raise NotFound("There is no such hold within your scope.")
    return row


async def vehicle_of(session: AsyncSession, id: UUID, scope: Scope) -> tuple[Vehicle, int]:
    """Return a vehicle that a unit within scope uses or used last, and that unit's number.

    Raises NotFound.
    """
    row = (
        await session.execute(
            select(Vehicle, VehicleUnit.organisation_no)
            .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
            .where(Vehicle.id == id, within(VehicleUnit.organisation_no, scope))
            .order_by(func.lower(VehicleUnit.period).desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such vehicle within your scope.")
    return row[0], row[1]


async def person_of(session: AsyncSession, id: UUID, scope: Scope) -> tuple[Person, int]:
    """Return a person with a role within scope, now or once, and where. Raises NotFound."""
    row = (
        await session.execute(
            select(Person, PersonRole.organisation_no)
            .join(PersonRole, PersonRole.person_no == Person.no)
            .where(Person.id == id, within(PersonRole.organisation_no, scope))
            .order_by(func.lower(PersonRole.period).desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such person within your scope.")
    return row[0], row[1]
