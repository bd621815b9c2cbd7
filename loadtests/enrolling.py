"""Registers the swarm's vehicles and terminals as people do: through the API."""

import asyncio
from collections.abc import Sequence
from itertools import starmap

from demo.api import Api, Refused
from loadtests.swarm.frames import phone_of

_AT_ONCE = 8


async def enrol(base_url: str, username: str, password: str, plates: Sequence[str]) -> int:
    """Register a vehicle of each plate, with a terminal; return how many weren't there before.

    username: an account that may write vehicles and terminals
    """
    async with Api(base_url, password) as api:
        session = await api.get(username, "/session")
        roles = session["roles"]
        assert isinstance(roles, list)
        unit = roles[0]["organisation"]["id"]
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(terminal: int, plate: str) -> bool:
            async with room:
                return await _enrol_one(api, username, unit, terminal, plate)

        return sum(await asyncio.gather(*starmap(one, enumerate(plates))))


async def _enrol_one(api: Api, username: str, unit: str, terminal: int, plate: str) -> bool:
    vehicle: dict[str, object] = {
        "plate": plate,
        "plate_colour": "blue",
        "model": "仿真车辆",
        "category": "other_prescribed",
        "seats": 5,
        "energy": "petrol",
        "holding": "pool",
        "organisation_id": unit,
    }
    device: dict[str, object] = {
        "phone": phone_of(terminal),
        "protocol": "jt808",
        "authentication": "number",
        "organisation_id": unit,
    }
    vehicle_id = await _made(api, username, "/vehicles", vehicle)
    terminal_id = await _made(api, username, "/terminals", device)
    if vehicle_id is None or terminal_id is None:
        return False
    path = f"/terminals/{terminal_id}/bindings"
    await api.post(username, path, {"vehicle_id": vehicle_id})
    return True


async def _made(api: Api, username: str, path: str, body: dict[str, object]) -> str | None:
    """Return the id of what was made; None when it was there already."""
    try:
        return str((await api.post(username, path, body))["id"])
    except Refused as refusal:
        if refusal.problem in ("plate-taken", "terminal-taken"):
            return None
        raise
