"""Giving a vehicle another plate, by date: the plate may go on to another vehicle."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import PlateTaken, flush_or_refuse
from fleet.organisations.errors import NotYet
from fleet.vehicles.errors import NothingChanges, OutsideUse
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import lock_vehicle, plates, unit_no_at
from fleet.vehicles.plates import PlateColour, check_energy, read_plate
from fleet.vehicles.secrecy import refuse_secret
from fleet.vehicles.tables import Vehicle, VehicleEvent, VehiclePlate
from fleet.vehicles.uses import must_be_present
from fleet.vehicles.words import EventKind
from kit.clock import shanghai_day

_TAKEN = {
    "uq_vehicle_plate_plate_colour": PlateTaken,
    "one_holder_of_a_plate_at_a_time": PlateTaken,
}


async def change_plate(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    *,
    plate: str,
    plate_colour: PlateColour,
    at: datetime | None = None,
    demo: bool = False,
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> VehicleEvent:
    """Let the vehicle bear another plate from an instant of now (the default) or the past on.

    demo, police_o, refusal_key: as `add_vehicles` has them
    Raises BadPlate, PlateColourMismatch, PolicePlateRefused, SecretVehicleRefused, VehicleGone,
    PlateEnergyMismatch, NotYet, NothingChanges, OutsideUse, PlateTaken.
    """
    starts = at or act.now
    if starts > act.now:
        raise NotYet
    new = read_plate(plate, plate_colour, demo=demo, police_o=police_o)
    await refuse_secret(session, new, refusal_key)
    await lock_vehicle(session, vehicle)
    must_be_present(vehicle)
    check_energy(plate_colour, vehicle.energy)
    before = {"plate": vehicle.plate, "plate_colour": vehicle.plate_colour}
    after = {"plate": new, "plate_colour": plate_colour.value}
    if before == after:
        raise NothingChanges
    held = await plates(session, vehicle)
    if held:
        lower, upper = held[0].period.lower, held[0].period.upper
        if upper is not None or (lower is not None and lower >= starts):
            raise OutsideUse
        held[0].period = Range(lower, starts, bounds="[)")
        await session.flush()
    vehicle.plate, vehicle.plate_colour = new, plate_colour
    session.add(
        VehiclePlate(
            vehicle_no=vehicle.no, plate=new, plate_colour=plate_colour, period=period(starts)
        )
    )
    await flush_or_refuse(session, _TAKEN)
    unit_no = await unit_no_at(session, vehicle.no, act.now)
    row = await add_event(
        session,
        act,
        vehicle,
        EventKind.PLATE_CHANGED,
        shanghai_day(starts),
        organisation_no=unit_no,
        facts={"before": before, "after": after, "at": starts.isoformat()},
    )
    act.record(
        session,
        "vehicle.change_plate",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        before=before,
        after={**after, "at": starts.isoformat()},
    )
    await session.flush()
    return row
