"""Adding a vehicle to the register."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import NotABase, PlateTaken, flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.vehicles.attributes import Attributes
from fleet.vehicles.errors import PurchasedAfterStart, VinTaken
from fleet.vehicles.events import event, refuse_future
from fleet.vehicles.life_cycle import state_after
from fleet.vehicles.plates import PlateColour, read_plate
from fleet.vehicles.secrecy import refuse_secret
from fleet.vehicles.tables import Vehicle, VehiclePlate, VehicleUnit
from fleet.vehicles.words import EventKind, LifeState, Secrecy
from fleet.words import Category, Energy, Holding, PlaceKind
from kit.clock import shanghai_day

TAKEN = {
    "uq_vehicle_plate_plate_colour": PlateTaken,
    "one_holder_of_a_plate_at_a_time": PlateTaken,
    "uq_vehicle_vin_present": VinTaken,
}

# How far a vehicle may have come when it is added, and by which steps.
_STAGES = {
    LifeState.REGISTERED: (EventKind.REGISTERED,),
    LifeState.ALLOCATED: (EventKind.REGISTERED, EventKind.ALLOCATED),
    LifeState.IN_USE: (EventKind.REGISTERED, EventKind.ALLOCATED, EventKind.PUT_IN_USE),
}


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
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> Vehicle:
    """Add a vehicle that `organisation` uses from `since` (default: now) on.

    demo: whether plates of the invented province are accepted
    attributes: what else is known of it
    stage: how far it has come: registered, allocated or in_use
    police_o: whether plates with O for the office are accepted
    refusal_key: the key of the list of refused plates
    Raises BadPlate, PlateColourMismatch, PolicePlateRefused, SecretVehicleRefused, PlateTaken,
    VinTaken, NotABase, NotYet, PurchasedAfterStart.
    """
    if base is not None and base.kind != PlaceKind.BASE:
        raise NotABase
    known = attributes or Attributes()
    read = read_plate(plate, plate_colour, demo=demo, police_o=police_o)
    await refuse_secret(session, read, refusal_key, secrecy)
    held = period(since or act.now)
    started = shanghai_day(since or act.now)
    days = _days(known.purchase_date, started, stage)
    for _, day in days:
        refuse_future(act.now, day)
    vehicle = Vehicle(
        plate=read,
        plate_colour=plate_colour,
        vin=vin,
        model=model,
        category=category,
        seats=seats,
        energy=energy,
        holding=holding,
        state=state_after(kind for kind, _ in days) or stage,
        **known.values(),
    )
    session.add(vehicle)
    await flush_or_refuse(session, TAKEN)
    session.add(
        VehicleUnit(
            vehicle_no=vehicle.no,
            organisation_no=organisation.no,
            base_no=base.no if base else None,
            period=held,
        )
    )
    session.add(
        VehiclePlate(vehicle_no=vehicle.no, plate=read, plate_colour=plate_colour, period=held)
    )
    session.add_all(
        event(act, vehicle, kind, day, organisation_no=organisation.no) for kind, day in days
    )
    act.record(
        session,
        "vehicle.add",
        "vehicle",
        vehicle.id,
        organisation_no=organisation.no,
        after={
            "plate": vehicle.plate,
            "plate_colour": plate_colour,
            "category": category,
            "holding": holding,
            "seats": seats,
            "energy": energy,
            "state": vehicle.state,
        }
        | _told(known),
    )
    await flush_or_refuse(session, TAKEN)
    return vehicle


def _days(purchased: date | None, started: date, stage: LifeState) -> list[tuple[EventKind, date]]:
    """Return the steps that the vehicle has behind it, each with its day."""
    steps: Iterable[EventKind] = _STAGES[stage]
    if purchased is not None and purchased > started:
        raise PurchasedAfterStart
    bought = [(EventKind.PURCHASED, purchased)] if purchased else []
    return bought + [(kind, started) for kind in steps]


def _told(known: Attributes) -> dict[str, object]:
    """Return what is known, as JSON has it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in known.values().items()
        if value is not None
    }
