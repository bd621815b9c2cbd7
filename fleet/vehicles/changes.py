"""Changing fields of a vehicle: each change is an event with the values before and after."""

from collections.abc import Mapping, Set

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import flush_or_refuse
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.words import ExcessKind
from fleet.vehicles.attributes import as_json, check_marking
from fleet.vehicles.errors import NothingChanges, VinTaken
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import lock_vehicle, unit_no_at
from fleet.vehicles.plates import check_energy
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.use_types import check_use_types
from fleet.vehicles.uses import judged_now, must_be_present
from fleet.vehicles.words import EventKind
from fleet.words import Category, Holding
from kit.clock import shanghai_day

IN_STANDARD = frozenset({"category", "condition", "body", "energy", "price_fen", "displacement_ml"})
"""What the standards judge a vehicle by."""


async def change_vehicle(
    session: AsyncSession, act: Act, vehicle: Vehicle, changes: Mapping[str, object]
) -> None:
    """Set fields by the names of their columns.

    What matters to the quota or the standard is held against it anew. Raises VehicleGone,
    NothingChanges, MarkingIncomplete, PlateEnergyMismatch, UnknownUseType,
    OverQuota, OverStandard, VinTaken.
    """
    await lock_vehicle(session, vehicle)
    must_be_present(vehicle)
    changed = {name: value for name, value in changes.items() if getattr(vehicle, name) != value}
    if not changed:
        raise NothingChanges
    before = {name: as_json(getattr(vehicle, name)) for name in changed}
    after = {name: as_json(value) for name, value in changed.items()}
    unit_no = await unit_no_at(session, vehicle.no, act.now)
    if unit_no is not None:
        await _check_quota(session, act, vehicle, unit_no, changed)
    for name, value in changed.items():
        setattr(vehicle, name, value)
    await flush_or_refuse(session, {"uq_vehicle_vin_present": VinTaken})
    check_marking(vehicle.marking, vehicle.marking_date, vehicle.marking_basis)
    if "energy" in changed:
        check_energy(vehicle.plate_colour, vehicle.energy)
    if unit_no is not None:
        await _check_kind(session, act, vehicle, unit_no, changed.keys())
    await add_event(
        session,
        act,
        vehicle,
        EventKind.CHANGED,
        shanghai_day(act.now),
        organisation_no=unit_no,
        facts={"before": before, "after": after},
    )
    act.record(
        session,
        "vehicle.change",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        before=before,
        after=after,
    )
    await session.flush()


async def _check_quota(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    unit_no: int,
    changed: Mapping[str, object],
) -> None:
    """Flag, or refuse, a vehicle that is to take a place in another quota or its first one."""
    if not changed.keys() & {"category", "holding"}:
        return
    category = Category(str(changed.get("category", vehicle.category)))
    rented = changed.get("holding", vehicle.holding) == Holding.RENTAL
    if not rented and category == vehicle.category and vehicle.holding != Holding.RENTAL:
        return
    full = not rented and await over_quota(session, [(unit_no, category)], act.now)
    _flag(vehicle, ExcessKind.OVER_QUOTA, bool(full))


async def _check_kind(
    session: AsyncSession, act: Act, vehicle: Vehicle, unit_no: int, names: Set[str]
) -> None:
    """Hold what the vehicle now is against the list of use types and the standards."""
    if names & {"use_type", "category"}:
        use = (unit_no, Category(vehicle.category), vehicle.use_type)
        await check_use_types(session, [use], act.now)
    if names & IN_STANDARD:
        above = await over_standard(session, [(unit_no, judged_now(vehicle))], act.now)
        _flag(vehicle, ExcessKind.OVER_STANDARD, bool(above))


def _flag(vehicle: Vehicle, kind: ExcessKind, on: bool) -> None:
    others = {one for one in vehicle.excess if one != kind}
    vehicle.excess = sorted(others | {kind.value} if on else others)
