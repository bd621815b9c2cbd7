"""A vehicle in real time: it stands or drives, and its terminal reports what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from demo.simulator.driving import PARKED_EVERY_S, drive, park
from demo.simulator.reports import report_of
from demo.simulator.terminal_client import TerminalClient
from dispatch.roads.network import LatLon
from dispatch.roads.route import Route
from kit.clock import utc_now

Routing = Callable[[LatLon, LatLon], Route]


@dataclass(slots=True)
class SimulatedVehicle:
    """Reports while it stands; `go_to` drives it. One drive at a time."""

    plate: str
    terminal: TerminalClient
    place: LatLon
    odometer_m: int
    random: Random
    _driving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def stand(self) -> None:
        """Report every few minutes for as long as nobody drives, until cancelled."""
        # Two hundred terminals don't all report in the same second.
        await asyncio.sleep(self.random.uniform(0, 10))
        while True:
            if not self._driving.locked():
                self._report_standing(utc_now())
            await asyncio.sleep(PARKED_EVERY_S * self.random.uniform(0.9, 1.0))

    async def go_to(self, place: LatLon, routing: Routing) -> None:
        """Drive there along the roads, in real time."""
        async with self._driving:
            route = await asyncio.to_thread(routing, self.place, place)
            now = utc_now()
            driven = drive(route, now, self.odometer_m, self.random)
            for fix in driven.fixes:
                await asyncio.sleep(max(0.0, (fix.time - utc_now()).total_seconds()))
                self.place = (fix.latitude, fix.longitude)
                self.odometer_m = fix.odometer_m
                self.terminal.offer(report_of(fix))
            self.place, self.odometer_m = driven.end, driven.odometer_m

    def _report_standing(self, now: datetime) -> None:
        end = now.replace(microsecond=0)
        for fix in park(self.place, end, now, self.odometer_m, self.random):
            self.terminal.offer(report_of(fix))
