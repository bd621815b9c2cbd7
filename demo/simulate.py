"""`gongche simulate`: registers terminals on any server and drives their vehicles about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

from demo.api import Api, Refused
from demo.simulator.fleet import Placed, SimulatedFleet
from demo.simulator.terminal_client import Identity
from demo.simulator.vehicle import Routing, SimulatedVehicle
from dispatch.roads.network import LatLon
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.travel_times import TravelTimes, load_travel_times

Progress = Callable[[str], None]

CENTRE: LatLon = (43.3, 114.6)
"""Where vehicles drive without a map: the empty land of the demo's city."""
_REACH_DEG = 0.04
_MOST_VEHICLES = 9_999
_TELL_EVERY_S = 10.0


async def simulate(
    maps_dir: Path,
    base_url: str,
    host: str,
    port: int,
    username: str,
    password: str,
    vehicles: int,
    progress: Progress,
    *,
    plate_prefix: str = "示S",
    seed: int = 1,
) -> None:
    """Register `vehicles` with terminals through the API, then drive them until cancelled.

    They drive on the map in use under `maps_dir`, or in straight lines without one. What is
    registered already is used as it is.
    Raises Refused, httpx.TransportError, and ValueError for a number that is out of range.
    """
    if not 1 <= vehicles <= _MOST_VEHICLES:
        raise ValueError(f"the number of vehicles must lie between 1 and {_MOST_VEHICLES}")
    travel_times = await asyncio.to_thread(load_travel_times, maps_dir)
    random = Random(seed)
    fleet = SimulatedFleet(host, port)
    identities = [
        Identity(f"1970001{n:04d}", f"{plate_prefix}{n:05d}") for n in range(1, vehicles + 1)
    ]
    async with Api(base_url, password) as api:
        await _register(api, username, identities, progress)
    fleet.add(
        (Placed(one, somewhere(travel_times, random), 10_000_000) for one in identities), seed
    )
    routing = lru_cache(1024)(travel_times.route)
    async with asyncio.TaskGroup() as group:
        group.create_task(fleet.run())
        group.create_task(_tell(fleet, progress))
        for vehicle in fleet.vehicles.values():
            group.create_task(_wander(vehicle, travel_times, routing))


def somewhere(travel_times: TravelTimes, random: Random) -> LatLon:
    """Return a junction of the map, or a point around the centre without one."""
    if isinstance(travel_times, RoadTravelTimes):
        network = travel_times.network
        node = random.randrange(network.node_count)
        return float(network.node_lat[node]), float(network.node_lon[node])
    return (
        CENTRE[0] + random.uniform(-_REACH_DEG, _REACH_DEG),
        CENTRE[1] + random.uniform(-_REACH_DEG, _REACH_DEG),
    )


async def _register(
    api: Api, username: str, identities: list[Identity], progress: Progress
) -> None:
    session = await api.get(username, "/session")
    roles = session["roles"]
    assert isinstance(roles, list)
    organisation_id = roles[0]["organisation"]["id"]
    made = 0
    for one in identities:
        vehicle_id = await _made(api, username, "/vehicles", _vehicle(one, organisation_id))
        terminal: dict[str, object] = {
            "phone": one.phone,
            "protocol": "jt808",
            "organisation_id": organisation_id,
        }
        terminal_id = await _made(api, username, "/terminals", terminal)
        if vehicle_id is not None and terminal_id is not None:
            path = f"/terminals/{terminal_id}/bindings"
            await api.post(username, path, {"vehicle_id": vehicle_id})
            made += 1
    progress(f"{made} vehicles registered, {len(identities) - made} were there")


def _vehicle(one: Identity, organisation_id: str) -> dict[str, object]:
    return {
        "plate": one.plate,
        "plate_colour": "blue",
        "model": "仿真车辆",
        "category": "other_prescribed",
        "seats": 5,
        "energy": "petrol",
        "holding": "pool",
        "organisation_id": organisation_id,
    }


async def _made(api: Api, username: str, path: str, body: dict[str, object]) -> str | None:
    """Return the id of what was made; None when it was there already."""
    try:
        return str((await api.post(username, path, body))["id"])
    except Refused as refusal:
        if refusal.problem in ("plate-taken", "terminal-taken"):
            return None
        raise


async def _wander(vehicle: SimulatedVehicle, travel_times: TravelTimes, routing: Routing) -> None:
    """Drive somewhere, stand a while, and so on."""
    while True:
        await asyncio.sleep(vehicle.random.uniform(1, 60))
        await vehicle.go_to(somewhere(travel_times, vehicle.random), routing)


async def _tell(fleet: SimulatedFleet, progress: Progress) -> None:
    while True:
        await asyncio.sleep(_TELL_EVERY_S)
        counts = fleet.counts
        progress(
            f"{fleet.linked} linked, {counts.sent} positions sent, "
            f"{counts.acknowledged} acknowledged, {counts.resent} resent, {fleet.waiting} waiting"
        )
