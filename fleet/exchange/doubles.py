"""Objects that were entered twice: found, and merged into one without losing either's history.

What was dropped stays under its own number: its trips, orders and findings keep what they cite. It
leaves the register now; what it has from now on (terminal, unit) belongs to the kept one.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from fleet.acts import Act
from fleet.exchange.lists.organisations import folded_name
from fleet.lists import in_force, within
from fleet.organisations.mergers import merge
from fleet.organisations.tables import Organisation, OrganisationParent
from fleet.terminals.bindings import bind_terminal
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.disposals import strike_off
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import unit_no_at
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import EventKind
from kit.clock import shanghai_day
from kit.errors import BadRequest

MergeCheck = Callable[[AsyncSession, int, int], Awaitable[None]]
"""Asked with the numbers of the kept and the dropped vehicle; raises what forbids the merger."""


class SameObject(BadRequest):
    """Nothing can be merged with itself."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Objects that look like one, as (id, name); same: by what, and its value."""

    same: str
    value: str
    members: tuple[tuple[UUID, str], ...]


async def vehicle_twins(
    session: AsyncSession,
    scope: frozenset[int],
    assets: frozenset[int],
    now: datetime,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Twins]:
    """Return vehicles with one plate in several colours, or with one engine number.

    assets: the organisations whose vehicles' engine numbers the reader may see
    after: the (same, value) of the last one that was read
    """
    found = _groups(scope, assets, now).subquery()
    statement = select(found.c.same, found.c.value).order_by(found.c.same, found.c.value)
    if after is not None:
        statement = statement.where(tuple_(found.c.same, found.c.value) > after)
    groups = (await session.execute(statement.limit(limit))).all()
    members: dict[tuple[str, str], list[tuple[UUID, str]]] = defaultdict(list)
    for same, column, reach in (
        ("plate", Vehicle.plate, scope),
        ("engine_number", Vehicle.engine_number, scope & assets),
    ):
        values = [value for what, value in groups if what == same]
        rows = await session.execute(
            select(Vehicle.id, Vehicle.plate, column.label("value"))
            .join(
                VehicleUnit,
                (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
            )
            .where(
                Vehicle.withdrawn_at.is_(None),
                column.in_(values),
                within(VehicleUnit.organisation_no, reach),
            )
            .order_by(Vehicle.no)
        )
        for row in rows:
            members[same, row.value].append((row.id, row.plate))
    return [Twins(same, value, tuple(members[same, value])) for same, value in groups]


def _groups(
    scope: frozenset[int], assets: frozenset[int], now: datetime
) -> CompoundSelect[str, str | None]:
    def alike(
        same: str,
        column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
        reach: frozenset[int],
    ) -> Select[str, str | None]:
        return (
            select(literal(same).label("same"), column.label("value"))
            .join(
                VehicleUnit,
                (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
            )
            .where(
                Vehicle.withdrawn_at.is_(None),
                column.is_not(None),
                within(VehicleUnit.organisation_no, reach),
            )
            .group_by(column)
            .having(func.count() > 1)
        )

    return union_all(
        alike("plate", Vehicle.plate, scope),
        alike("engine_number", Vehicle.engine_number, scope & assets),
    )


async def organisation_twins(
    session: AsyncSession, scope: frozenset[int], now: datetime
) -> list[Twins]:
    """Return organisations with one USCC, or with almost one name below one parent, in order."""
    rows = await session.execute(
        select(Organisation.id, Organisation.name, Organisation.uscc, OrganisationParent.parent_no)
        .outerjoin(
            OrganisationParent,
            (OrganisationParent.organisation_no == Organisation.no)
            & in_force(OrganisationParent.period, now),
        )
        .where(within(Organisation.no, scope), Organisation.ended_at.is_(None))
        .order_by(Organisation.no)
    )
    alike: dict[tuple[str, str, int | None], list[tuple[UUID, str]]] = defaultdict(list)
    for row in rows:
        if row.uscc:
            alike["uscc", row.uscc, None].append((row.id, row.name))
        alike["name", folded_name(row.name), row.parent_no].append((row.id, row.name))
    found = [Twins(k[0], k[1], tuple(m)) for k, m in alike.items() if len(m) > 1]
    return sorted(found, key=lambda one: (one.same, one.value, one.members))


async def merge_vehicles(
    session: AsyncSession, act: Act, *, keep: Vehicle, drop: Vehicle, check: MergeCheck
) -> None:
    """Let `drop` leave the register now; its terminals sit in `keep` from now on.

    Raises SameObject, what `check` raises, and VehicleGone.
    """
    if keep.no == drop.no:
        raise SameObject
    for vehicle in sorted((keep, drop), key=lambda one: one.no):
        await session.refresh(vehicle, with_for_update=True)
    await check(session, keep.no, drop.no)
    terminals = await _terminals(session, drop, act.now)
    unit_no = await unit_no_at(session, keep.no, act.now)
    before = {"plate": drop.plate, "vin": drop.vin, "state": drop.state}
    today = shanghai_day(act.now)
    for one, facts in (
        (drop, {"merged_into": {"id": str(keep.id), "plate": keep.plate}}),
        (keep, {"double": {"id": str(drop.id), "plate": drop.plate}}),
    ):
        no = await unit_no_at(session, one.no, act.now)
        await add_event(
            session, act, one, EventKind.CHANGED, today, organisation_no=no, facts=facts
        )
    await strike_off(session, act, drop)
    main = await _main_terminal(session, keep, act.now)
    for terminal, is_primary in terminals:
        await bind_terminal(
            session,
            act,
            terminal=terminal,
            vehicle=keep,
            is_primary=is_primary and main is None,
        )
    act.record(
        session,
        "vehicle.merge",
        "vehicle",
        drop.id,
        organisation_no=unit_no,
        before=before,
        after={
            "merged_into": str(keep.id),
            "plate": keep.plate,
            "terminals": [terminal.phone for terminal, _ in terminals],
        },
    )
    await session.flush()


async def merge_organisations(
    session: AsyncSession, act: Act, *, keep: Organisation, drop: Organisation
) -> None:
    """Let `keep` take over everything of `drop` now, as a merger does.

    Raises SameObject and what `fleet.organisations.mergers.merge` raises.
    """
    if keep.no == drop.no:
        raise SameObject
    await merge(session, act, predecessor=drop, successor=keep)


async def _terminals(
    session: AsyncSession, vehicle: Vehicle, now: datetime
) -> list[tuple[Terminal, bool]]:
    rows = await session.execute(
        select(Terminal, VehicleTerminal.is_primary)
        .join(VehicleTerminal, VehicleTerminal.terminal_no == Terminal.no)
        .where(VehicleTerminal.vehicle_no == vehicle.no, in_force(VehicleTerminal.period, now))
        .order_by(Terminal.no)
    )
    return [(terminal, is_primary) for terminal, is_primary in rows]


async def _main_terminal(session: AsyncSession, vehicle: Vehicle, now: datetime) -> int | None:
    no: int | None = await session.scalar(
        select(VehicleTerminal.no).where(
            VehicleTerminal.vehicle_no == vehicle.no,
            VehicleTerminal.is_primary,
            in_force(VehicleTerminal.period, now),
        )
    )
    return no
