"""Promises of types as tests ask for them: a pool, its rule, and what is held of it."""

import httpx
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from fleet.acts import Act
from fleet.tables import RuleValue
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok


async def reserve(office: Office, request: Json, pool: str = "bureau", **more: object) -> Json:
    return ok(await try_to_reserve(office, request, pool, **more), 201)


async def try_to_reserve(
    office: Office, request: Json, pool: str = "bureau", **more: object
) -> httpx.Response:
    body = {
        "revision": request["revision"],
        "organisation_id": str(office.world.organisations[pool].id),
        **more,
    }
    return await office.post("dispatcher", f"/requests/{request['id']}/reservation", body)


async def reservations(office: Office, request: Json, username: str = "dispatcher") -> list[Json]:
    page = ok(await office.get(username, "/reservations", request_id=request["id"]))
    return list(page["items"])


async def add_pool_vehicles(office: Office, count: int) -> None:
    async with transaction(office.sessions) as session:
        for n in range(count):
            await add_vehicle(
                session,
                Act(actor=None, now=office.world.since),
                plate=f"示P2{n:04d}",
                plate_colour=PlateColour.BLUE,
                model="轿车",
                category=Category.OTHER_PRESCRIBED,
                seats=5,
                energy=Energy.PETROL,
                holding=Holding.POOL,
                organisation=office.world.organisations["bureau"],
                base=office.world.bases["bureau"],
                demo=True,
            )


async def held(office: Office) -> list[Reservation]:
    async with office.sessions() as session:
        rows = select(Reservation).where(Reservation.state == ReservationState.HELD)
        return list((await session.scalars(rows)).all())


async def say_rule(office: Office, key: str, value: object) -> None:
    async with transaction(office.sessions) as session:
        session.add(
            RuleValue(
                organisation_no=office.world.organisations["bureau"].no,
                key=key,
                version=1,
                value=value,
                open_below=True,
                period=Range(office.world.since, None, bounds="[)"),
            )
        )
