"""Use cases of vehicles, drivers and places."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import AlreadyDriver, NotABase, PlateTaken, flush_or_refuse
from fleet.names import sort_key
from fleet.plates import PlateColour, read_plate
from fleet.tables import (
    Driver,
    DriverUnit,
    Organisation,
    Person,
    Place,
    Vehicle,
    VehicleUnit,
)
from fleet.words import Category, Energy, Holding, PlaceKind


async def add_place(
    session: AsyncSession,
    act: Act,
    *,
    name: str,
    kind: PlaceKind,
    organisation: Organisation | None,
    latitude: float,
    longitude: float,
    radius_m: int,
) -> Place:
    """Add a place (WGS-84); without an organisation everybody who books may choose it."""
    place = Place(
        name=name,
        sort_key=sort_key(name),
        kind=kind,
        organisation_no=organisation.no if organisation else None,
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
    )
    session.add(place)
    await session.flush()
    act.record(
        session,
        "place.add",
        "place",
        place.id,
        organisation_no=place.organisation_no,
        after={"name": name, "kind": kind, "latitude": latitude, "longitude": longitude},
    )
    return place


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


async def add_driver(
    session: AsyncSession,
    act: Act,
    *,
    person: Person,
    licence_class: str,
    organisation: Organisation,
    licence_until: datetime | None = None,
    since: datetime | None = None,
) -> Driver:
    """Let a person drive for `organisation`; the role `driver` is given with the account.

    Raises AlreadyDriver.
    """
    driver = Driver(person_no=person.no, licence_class=licence_class, licence_until=licence_until)
    session.add(driver)
    await flush_or_refuse(session, {"uq_driver_person_no": AlreadyDriver})
    session.add(
        DriverUnit(
            driver_no=driver.no,
            organisation_no=organisation.no,
            period=period(since or act.now),
        )
    )
    act.record(
        session,
        "driver.add",
        "driver",
        driver.id,
        organisation_no=organisation.no,
        after={"person": person.username, "licence_class": licence_class},
    )
    await session.flush()
    return driver
