"""Adding vehicles to the register, one or many at once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import PlateTaken, flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.words import ExcessKind
from fleet.vehicles.attributes import Attributes
from fleet.vehicles.entries import Entry
from fleet.vehicles.errors import VinTaken
from fleet.vehicles.life_cycle import state_after
from fleet.vehicles.plates import PlateColour, read_plate
from fleet.vehicles.renewals import renew, replaced_by
from fleet.vehicles.secrecy import refuse_secret
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.use_types import check_use_types
from fleet.vehicles.words import EventKind, LifeState, Secrecy
from fleet.words import Category, Energy, Holding
from kit.clock import shanghai_day
from kit.database import violated_constraint
from kit.ids import new_id

TAKEN = {
    "uq_vehicle_plate_plate_colour": PlateTaken,
    "one_holder_of_a_plate_at_a_time": PlateTaken,
    "uq_vehicle_vin_present": VinTaken,
}

Steps = list[tuple[EventKind, date]]

_UNITS = text("""
    INSERT INTO vehicle_unit (vehicle_no, organisation_no, base_no, period)
    SELECT vehicle, unit, base, tstzrange(since, NULL)
    FROM unnest(CAST(:vehicles AS bigint[]), CAST(:units AS bigint[]), CAST(:bases AS bigint[]),
                CAST(:since AS timestamptz[])) AS one (vehicle, unit, base, since)
""")
_PLATES = text("""
    INSERT INTO vehicle_plate (vehicle_no, plate, plate_colour, period)
    SELECT vehicle, plate, colour, tstzrange(since, NULL)
    FROM unnest(CAST(:vehicles AS bigint[]), CAST(:plates AS text[]), CAST(:colours AS text[]),
                CAST(:since AS timestamptz[])) AS one (vehicle, plate, colour, since)
""")
_EVENTS = text("""
    INSERT INTO vehicle_event (id, vehicle_no, kind, day, facts, organisation_no, recorded_by_no)
    SELECT id, vehicle, kind, day, CAST(facts AS jsonb), unit, CAST(:recorder AS bigint)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:vehicles AS bigint[]), CAST(:kinds AS text[]),
                CAST(:days AS date[]), CAST(:facts AS text[]), CAST(:units AS bigint[]))
        WITH ORDINALITY AS one (id, vehicle, kind, day, facts, unit, place)
    ORDER BY place
""")


async def add_vehicle(
    session: AsyncSession,
    act: Act,
    *,
    plate: str,
    plate_colour: PlateColour,
    model: str,
    category: Category,
    seats: int,
    energy: Energy,
    holding: Holding,
    organisation: Organisation,
    base: Place | None = None,
    vin: str | None = None,
    demo: bool = False,
    since: datetime | None = None,
    attributes: Attributes | None = None,
    stage: LifeState = LifeState.IN_USE,
    secrecy: Secrecy = Secrecy.NONE,
    replaces: Vehicle | None = None,
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> Vehicle:
    """Add a vehicle that `organisation` uses from `since` (default: now) on.

    The arguments are those of `Entry` and of `add_vehicles`, which says what is raised.
    """
    entry = Entry(
        plate=plate,
        plate_colour=plate_colour,
        model=model,
        category=category,
        seats=seats,
        energy=energy,
        holding=holding,
        organisation=organisation,
        base=base,
        vin=vin,
        since=since,
        attributes=attributes or Attributes(),
        stage=stage,
        secrecy=secrecy,
        replaces=replaces,
    )
    (vehicle,) = await add_vehicles(
        session, act, [entry], demo=demo, police_o=police_o, refusal_key=refusal_key
    )
    return vehicle


async def add_vehicles(
    session: AsyncSession,
    act: Act,
    entries: Sequence[Entry],
    *,
    demo: bool = False,
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> list[Vehicle]:
    """Add all vehicles or none; return them in the order of `entries`.

    demo: whether plates of the invented province are accepted
    police_o: whether plates with O for the office are accepted
    refusal_key: the key of the list of refused plates
    Raises BadPlate, PlateColourMismatch, PolicePlateRefused, SecretVehicleRefused, NotABase,
    BadStage, NotYet, PurchasedAfterStart, UnknownUseType, OverQuota, OverStandard, PlateTaken,
    VinTaken, IllegalStep.
    """
    steps = [entry.steps(act) for entry in entries]
    plates = []
    for entry in entries:
        plate = read_plate(entry.plate, entry.plate_colour, demo=demo, police_o=police_o)
        await refuse_secret(session, plate, refusal_key, entry.secrecy)
        plates.append(plate)
    await check_use_types(
        session,
        ((e.organisation.no, e.category, e.attributes.use_type) for e in entries),
        act.now,
    )
    for entry in entries:
        if entry.replaces is not None:
            await renew(session, act, entry.replaces, day=shanghai_day(entry.since or act.now))
    excess = await _excess(session, entries, act.now)
    vehicles = [
        _vehicle(entry, plate, done, sorted(over))
        for entry, plate, done, over in zip(entries, plates, steps, excess, strict=True)
    ]
    session.add_all(vehicles)
    await flush_or_refuse(session, TAKEN)
    made = list(zip(entries, vehicles, steps, strict=True))
    await _bind(session, act, made)
    for entry, vehicle in zip(entries, vehicles, strict=True):
        _record(session, act, entry, vehicle)
    await session.flush()
    for entry, vehicle in zip(entries, vehicles, strict=True):
        if entry.replaces is not None:
            await replaced_by(session, act, entry.replaces, vehicle)
    return vehicles


async def _excess(
    session: AsyncSession, entries: Sequence[Entry], now: datetime
) -> list[set[ExcessKind]]:
    """Return, for each entry, of what it is in excess and is let pass."""
    in_quota = [e for e in entries if e.holding is not Holding.RENTAL]
    full = await over_quota(session, ((e.organisation.no, e.category) for e in in_quota), now)
    judged = [(entry.organisation.no, entry.judged()) for entry in entries]
    above = await over_standard(session, judged, now)
    found: list[set[ExcessKind]] = []
    for entry, key in zip(entries, judged, strict=True):
        over = {ExcessKind.OVER_STANDARD} if key in above else set()
        counted = entry.holding is not Holding.RENTAL
        if counted and (entry.organisation.no, entry.category.value) in full:
            over.add(ExcessKind.OVER_QUOTA)
        found.append(over)
    return found


def _vehicle(entry: Entry, plate: str, steps: Steps, excess: list[ExcessKind]) -> Vehicle:
    return Vehicle(
        plate=plate,
        plate_colour=entry.plate_colour,
        vin=entry.vin,
        model=entry.model,
        category=entry.category,
        seats=entry.seats,
        energy=entry.energy,
        holding=entry.holding,
        state=state_after(kind for kind, _ in steps) or entry.stage,
        excess=[kind.value for kind in excess],
        **entry.attributes.values(),
    )


async def _bind(
    session: AsyncSession, act: Act, made: Sequence[tuple[Entry, Vehicle, Steps]]
) -> None:
    """Store units, plates and events, each in one statement: of thousands, rows cost seconds."""
    of = {
        "vehicles": [vehicle.no for _, vehicle, _ in made],
        "since": [entry.since or act.now for entry, _, _ in made],
    }
    units = {
        "units": [entry.organisation.no for entry, _, _ in made],
        "bases": [entry.base.no if entry.base else None for entry, _, _ in made],
    }
    plates = {
        "plates": [vehicle.plate for _, vehicle, _ in made],
        "colours": [str(vehicle.plate_colour) for _, vehicle, _ in made],
    }
    events = [
        (new_id(), vehicle.no, kind.value, day, _facts(kind, vehicle), entry.organisation.no)
        for entry, vehicle, steps in made
        for kind, day in steps
    ]
    names = ("ids", "vehicles", "kinds", "days", "facts", "units")
    told = dict(zip(names, map(list, zip(*events, strict=True)), strict=True))
    recorder = {"recorder": act.actor.person_no if act.actor else None}
    for statement, values in (
        (_UNITS, of | units),
        (_PLATES, of | plates),
        (_EVENTS, told | recorder),
    ):
        await _execute_or_refuse(session, statement, values)


def _facts(kind: EventKind, vehicle: Vehicle) -> str:
    told = {"excess": vehicle.excess} if vehicle.excess and kind is EventKind.REGISTERED else {}
    return json.dumps(told)


def _record(session: AsyncSession, act: Act, entry: Entry, vehicle: Vehicle) -> None:
    """Add the journal's entry of a stored vehicle."""
    act.record(
        session,
        "vehicle.add",
        "vehicle",
        vehicle.id,
        organisation_no=entry.organisation.no,
        after={
            "plate": vehicle.plate,
            "plate_colour": vehicle.plate_colour,
            "vin": vehicle.vin,
            "category": entry.category,
            "holding": entry.holding,
            "seats": entry.seats,
            "energy": entry.energy,
            "state": vehicle.state,
            "excess": vehicle.excess,
        }
        | entry.attributes.told(),
    )


async def _execute_or_refuse(
    session: AsyncSession, statement: TextClause, values: Mapping[str, object]
) -> None:
    """Store rows; a violated constraint becomes the error that `TAKEN` names."""
    try:
        await session.execute(statement, values)
    except IntegrityError as error:
        refusal = TAKEN.get(violated_constraint(error) or "")
        if refusal is None:
            raise
        raise refusal from error
