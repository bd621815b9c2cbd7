"""The running demo: the day before is delivered once, then vehicles drive and people work.

The server has been migrated, the world seeded and the city's map imported before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from demo import cast
from demo.api import Api
from demo.cast import Car
from demo.city import PlaceKind
from demo.history.driven import DrivenDay, drive_day
from demo.history.plan import history_start, plan
from demo.history.register import write_orders
from demo.people import People
from demo.places import Places, load_places
from demo.simulator.fleet import Placed, SimulatedFleet
from demo.simulator.reports import report_of
from demo.simulator.terminal_client import Identity
from demo.simulator.vehicle import Routing
from demo.state import DemoState, VehicleState, load_state, save_state
from dispatch.roads.travel_times import load_travel_times
from fleet.vehicles.plates import PlateColour
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.settings import Settings

Progress = Callable[[str], None]

COLOUR_CODES: dict[PlateColour, int] = {
    PlateColour.BLUE: 1,
    PlateColour.YELLOW: 2,
    PlateColour.BLACK: 3,
    PlateColour.WHITE: 4,
    PlateColour.GREEN: 5,
    PlateColour.YELLOW_GREEN: 94,
}
"""Plate colours on the wire (JT/T 697.7)."""

_SAVE_EVERY_S = 30.0
_TELL_EVERY_S = 5.0
_REMEMBERED_ROUTES = 8192


async def run(
    settings: Settings,
    base_url: str,
    host: str,
    port: int,
    state_dir: Path,
    progress: Progress,
) -> None:
    """Run the demo against the server at `base_url` and its terminals' door until cancelled."""
    async with Api(base_url, cast.PASSWORD) as api:
        await _until_healthy(api)
        demo = await _prepare(settings, host, port, state_dir, progress)
        people = People(api, demo.places, demo.fleet.vehicles, demo.routing, progress)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(demo.fleet.run())
                group.create_task(demo.remember_now_and_then())
                group.create_task(demo.deliver_then(people.run))
        finally:
            demo.remember()


@dataclass(slots=True)
class _Demo:
    """What runs, and what is remembered of it."""

    places: Places
    routing: Routing
    fleet: SimulatedFleet
    state: DemoState
    state_dir: Path
    progress: Progress

    async def deliver_then(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait until the platform has acknowledged the day before, then let people work."""
        if not self.state.delivered:
            await self._deliver()
            self.state.delivered = True
            self.remember()
        self.progress("Vehicles drive and people work; rides booked by hand are taken care of too")
        await work()

    async def _deliver(self) -> None:
        loop = asyncio.get_running_loop()
        began_s, told_s, total = loop.time(), loop.time(), self.fleet.waiting
        self.progress(f"Delivering {total} positions of the day before in batches")
        while waiting := self.fleet.waiting:
            if loop.time() - told_s >= _TELL_EVERY_S:
                told_s = loop.time()
                done = max(0, 100 - 100 * waiting // max(1, total))
                self.progress(f"  {done} % acknowledged, {self.fleet.linked} terminals linked")
            await asyncio.sleep(0.2)
        self.progress(f"The day before is delivered ({loop.time() - began_s:.0f} s)")

    async def remember_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY_S)
            self.remember()

    def remember(self) -> None:
        """Save where each vehicle is."""
        for plate, phone in _PHONES.items():
            vehicle = self.fleet.vehicles[plate]
            self.state.vehicles[phone] = VehicleState(
                *vehicle.place, vehicle.odometer_m, vehicle.terminal.token
            )
        save_state(self.state, self.state_dir)


_PHONES = {car.plate: car.phone for car in cast.cars()}


async def _until_healthy(api: Api) -> None:
    while True:
        if await api.healthy():
            return
        await asyncio.sleep(0.5)


async def _prepare(
    settings: Settings, host: str, port: int, state_dir: Path, progress: Progress
) -> _Demo:
    """Put every vehicle in its place; on the first start with the day before in its store."""
    state = load_state(state_dir)
    places = await asyncio.to_thread(load_places, state_dir)
    travel_times = await asyncio.to_thread(load_travel_times, settings.maps_dir)
    routing = lru_cache(_REMEMBERED_ROUTES)(travel_times.route)
    fleet = SimulatedFleet(host, port)
    demo = _Demo(places, routing, fleet, state, state_dir, progress)
    days: list[DrivenDay] = []
    if not state.delivered:
        # The same instant gives the same day, should this start be cut short.
        state.began_at = state.began_at or utc_now()
        save_state(state, state_dir)
        progress("Inventing the day before")
        days = await asyncio.to_thread(_drive_days, places, state, routing)
        progress("Writing its orders, slips and filings")
        await _write(settings, days)
    fleet.add((_placed(car, places, state, days) for car in cast.cars()), cast.CITY_SEED)
    for day in days:
        terminal = fleet.vehicles[day.plan.car.plate].terminal
        for fix in day.fixes:
            terminal.offer(report_of(fix))
    return demo


def _drive_days(places: Places, state: DemoState, routing: Routing) -> list[DrivenDay]:
    assert state.began_at is not None
    now = state.began_at
    since = history_start(now)
    return [drive_day(one, since, now, routing) for one in plan(places, now)]


async def _write(settings: Settings, days: list[DrivenDay]) -> None:
    engine = open_engine(settings.required_database_url, pool_size=1)
    try:
        async with transaction(open_sessions(engine)) as session:
            await write_orders(session, days)
    finally:
        await engine.dispose()


def _placed(car: Car, places: Places, state: DemoState, days: list[DrivenDay]) -> Placed:
    """Where a vehicle stands: where it was last, where its day before ended, or at its base."""
    identity = Identity(car.phone, car.plate, COLOUR_CODES[car.plate_colour])
    day = next((day for day in days if day.plan.car is car), None)
    if (known := state.vehicles.get(car.phone)) is not None:
        place = known.latitude, known.longitude
        return Placed(identity, place, known.odometer_m, known.token)
    if day is not None:
        return Placed(identity, day.place, day.odometer_m)
    base = places.places_of(PlaceKind.BASE)[car.base]
    return Placed(identity, (base.lat, base.lon), 10_000_000)
