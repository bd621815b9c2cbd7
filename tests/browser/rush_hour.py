"""A busy moment in the town: vehicles on order, without one, at rest, and one unheard of."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from gateway.protocols.jt808.position import PositionReport, position_report
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from tests.browser.town import MIDDLE, Spot
from tests.support.system import Caller, RunningSystem
from tests.support.terminals import TerminalOnWire
from tests.support.world import PASSWORD, World, build_world

ON_ORDER = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "pool1": "a", "pool2": "b"}
"""The vehicle of each ride, which has a driver of the same key, and the unit that asks for it."""
WITHOUT_ORDER = ("a3", "more1")
SILENT = ("more2",)
MORE = 16


def seed_rush_hour(url: str) -> World:
    """Commit the small world, in the town, with `MORE` pool vehicles; return it."""
    return asyncio.run(_seed(url))


async def _seed(url: str) -> World:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            world = await build_world(session, utc_now(), MIDDLE)
            for n in range(1, MORE + 1):
                await _add_pool_vehicle(session, world, n)
            return world
    finally:
        await engine.dispose()


async def _add_pool_vehicle(session: AsyncSession, world: World, n: int) -> None:
    act = Act(actor=None, now=world.since)
    bureau = world.organisations["bureau"]
    vehicle = await add_vehicle(
        session,
        act,
        plate=f"示P{10010 + n}",
        plate_colour=PlateColour.BLUE,
        model="轿车",
        category=Category.OTHER_PRESCRIBED,
        seats=5,
        energy=Energy.PETROL,
        holding=Holding.POOL,
        organisation=bureau,
        base=world.bases["bureau"],
        demo=True,
    )
    phone = f"1390001{n:04d}"
    terminal = await add_terminal(session, act, phone=phone, organisation=bureau)
    await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)
    world.vehicles[f"more{n}"], world.terminals[f"more{n}"] = vehicle, terminal


def depart_on_orders(system: RunningSystem, world: World) -> None:
    """Let every ride of `ON_ORDER` be asked for, approved, assigned and begun."""
    dispatcher = Caller(system.base_url, "dispatcher", PASSWORD)
    people = {unit: _people_of(system, unit) for unit in set(ON_ORDER.values())}
    for vehicle, unit in ON_ORDER.items():
        applicant, approver = people[unit]
        request = applicant.post("/requests", wish(utc_now()))
        path = f"/requests/{request['id']}"
        request = approver.post(f"{path}/approve", {"revision": request["revision"]})
        order = dispatcher.post(
            f"{path}/assignment",
            {
                "vehicle_id": str(world.vehicles[vehicle].id),
                "driver_id": str(world.drivers[vehicle].id),
                "revision": request["revision"],
            },
        )
        driver = Caller(system.base_url, f"driver_{vehicle}", PASSWORD)
        driver.post(f"/orders/{order['id']}/accept")
        driver.post(f"/orders/{order['id']}/depart", {"odometer_m": 1_000_000})


def _people_of(system: RunningSystem, unit: str) -> tuple[Caller, Caller]:
    """The applicant and the approver of a unit."""
    return (
        Caller(system.base_url, f"applicant_{unit}", PASSWORD),
        Caller(system.base_url, f"approver_{unit}", PASSWORD),
    )


def wish(now: datetime) -> dict[str, object]:
    """The body of a request for a ride across the town, in a minute."""
    latitude, longitude = MIDDLE
    return {
        "passengers": 2,
        "purpose": "meeting",
        "purpose_text": "参加工作会议",
        "start": (now + timedelta(minutes=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
        "origin": {"name": "甲局", "latitude": latitude, "longitude": longitude},
        "destination": {"name": "会议中心", "latitude": latitude + 0.02, "longitude": longitude},
        "round_trip": True,
        "may_share": False,
    }


@contextmanager
def on_the_road(system: RunningSystem, world: World, places: list[Spot]) -> Iterator[None]:
    """Every vehicle says where it is, each at its own place; the links stay open in the block."""
    with ExitStack() as links:
        for (key, terminal), spot in zip(world.terminals.items(), places, strict=True):
            link = links.enter_context(TerminalOnWire(system.jt808_port, terminal.phone))
            link.log_in()
            link.report([_position(key, spot)])
        yield


def _position(key: str, spot: Spot) -> PositionReport:
    moving = key in ON_ORDER or key in WITHOUT_ORDER
    return position_report(
        utc_now() - (timedelta(hours=2) if key in SILENT else timedelta()),
        spot.latitude,
        spot.longitude,
        speed_kmh=36.0 if moving else 0.0,
        course_deg=spot.course_deg,
        acc=moving,
    )
