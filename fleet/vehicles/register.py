"""Use cases of vehicles."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import NotABase, PlateTaken, flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.vehicles.plates import PlateColour, read_plate
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.words import Category, Energy, Holding, PlaceKind


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
) -> Vehicle:
    """Add a vehicle that `organisation` uses from `since` (default: now) on.

    demo: whether plates of the invented province are accepted
    Raises BadPlate, PlateTaken, NotABase.
    """
    if base is not None and base.kind != PlaceKind.BASE:
        raise NotABase
    vehicle = Vehicle(
        plate=read_plate(plate, demo=demo),
        plate_colour=plate_colour,
        vin=vin,
        model=model,
        category=category,
        seats=seats,
        energy=energy,
        holding=holding,
    )
    session.add(vehicle)
    await flush_or_refuse(session, {"uq_vehicle_plate_plate_colour": PlateTaken})
    session.add(
        VehicleUnit(
            vehicle_no=vehicle.no,
            organisation_no=organisation.no,
            base_no=base.no if base else None,
            period=period(since or act.now),
        )
    )
    act.record(
        session,
        "vehicle.add",
        "vehicle",
        vehicle.id,
        organisation_no=organisation.no,
        after={"plate": vehicle.plate, "category": category, "holding": holding, "seats": seats},
    )
    await session.flush()
    return vehicle
