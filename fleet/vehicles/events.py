"""Recording what happened to a vehicle, and the state that follows from it."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.organisations.errors import NotYet
from fleet.vehicles.life_cycle import in_order, state_after
from fleet.vehicles.life_store import life, lock_vehicle, unit_no_at
from fleet.vehicles.tables import Vehicle, VehicleEvent
from fleet.vehicles.words import EventKind, LifeState
from kit.clock import shanghai_day


def event(
    act: Act,
    vehicle: Vehicle,
    kind: EventKind,
    day: date,
    *,
    organisation_no: int | None = None,
    facts: Mapping[str, object] | None = None,
    document_no: int | None = None,
) -> VehicleEvent:
    """Return the row of an event; nothing is checked or stored."""
    return VehicleEvent(
        vehicle_no=vehicle.no,
        kind=kind,
        day=day,
        facts=dict(facts or {}),
        organisation_no=organisation_no,
        document_no=document_no,
        recorded_by_no=act.actor.person_no if act.actor else None,
    )


async def add_event(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    kind: EventKind,
    day: date,
    *,
    organisation_no: int | None = None,
    facts: Mapping[str, object] | None = None,
    document_no: int | None = None,
) -> VehicleEvent:
    """Record an event and set the state that the whole life now leads to.

    The vehicle's row is locked first, so that two acts upon it come one after the other.
    Raises NotYet for a later day than today, IllegalStep when the life becomes impossible.
    """
    refuse_future(act.now, day)
    await lock_vehicle(session, vehicle)
    state = state_after(in_order([*await life(session, vehicle), (kind, day)]))
    row = event(
        act,
        vehicle,
        kind,
        day,
        organisation_no=organisation_no,
        facts=facts,
        document_no=document_no,
    )
    session.add(row)
    vehicle.state = state or LifeState.IN_USE
    await session.flush()
    return row


async def record_step(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    kind: EventKind,
    day: date,
    *,
    document_no: int | None = None,
) -> None:
    """Record a step of the life that changes nothing else. Raises NotYet, IllegalStep."""
    unit_no = await unit_no_at(session, vehicle.no, act.now)
    before = vehicle.state
    await add_event(
        session, act, vehicle, kind, day, organisation_no=unit_no, document_no=document_no
    )
    act.record(
        session,
        "vehicle.step",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        before={"state": before},
        after={"state": vehicle.state, "kind": kind, "day": day.isoformat()},
    )
    await session.flush()


def refuse_future(now: datetime, day: date) -> None:
    """Raise NotYet when `day` is later than the Shanghai day of `now`."""
    if day > shanghai_day(now):
        raise NotYet
