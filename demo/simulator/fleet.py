"""Many vehicles with their terminals in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from demo.simulator.terminal_client import Counts, Identity, LinkTerms, TerminalClient
from demo.simulator.vehicle import SimulatedVehicle
from dispatch.roads.network import LatLon


@dataclass(frozen=True, slots=True)
class Placed:
    """A vehicle to be simulated: its terminal's identity, and where it stands (WGS-84)."""

    identity: Identity
    place: LatLon
    odometer_m: int
    token: str | None = None


@dataclass(slots=True)
class SimulatedFleet:
    """Vehicles by plate; `run` keeps their links up and lets them report where they stand."""

    host: str
    port: int
    counts: Counts = field(default_factory=Counts)
    vehicles: dict[str, SimulatedVehicle] = field(default_factory=dict)

    def add(self, placed: Iterable[Placed], seed: int, terms: LinkTerms | None = None) -> None:
        """Add vehicles, each with a chance of its own."""
        for one in placed:
            random = Random(f"{seed}:{one.identity.phone}:live")
            terminal = TerminalClient(
                one.identity,
                self.host,
                self.port,
                random,
                self.counts,
                terms or LinkTerms(),
                one.token,
            )
            self.vehicles[one.identity.plate] = SimulatedVehicle(
                one.identity.plate, terminal, one.place, one.odometer_m, random
            )

    @property
    def waiting(self) -> int:
        """Positions that nobody has acknowledged yet."""
        return sum(vehicle.terminal.waiting for vehicle in self.vehicles.values())

    @property
    def linked(self) -> int:
        """Terminals that the platform has let in."""
        return sum(vehicle.terminal.entered for vehicle in self.vehicles.values())

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as group:
            for vehicle in self.vehicles.values():
                group.create_task(self._link(vehicle))
                group.create_task(vehicle.stand())

    async def _link(self, vehicle: SimulatedVehicle) -> None:
        # Two hundred terminals don't call in the same moment.
        await asyncio.sleep(vehicle.random.uniform(0, len(self.vehicles) / 100))
        await vehicle.terminal.run()
