"""What the demo needs before its first start: the city's map in use, and the world seeded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from demo import cast
from demo.city import City, generate, write
from demo.places import save_places
from demo.world import is_seeded, seed_world
from dispatch.roads.importing.importing import import_map
from dispatch.roads.versions import current_version
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings

CITY_FILE = "city.osm.pbf"


async def prepare(settings: Settings, sessions: Sessions, say: Callable[[str], None]) -> None:
    """Import the invented city and seed the world where they are missing; tell the accounts.

    Raises DemoOnly, and MapError where the import fails.
    """
    async with transaction(sessions) as session:
        seeded = await is_seeded(session)
    mapped = current_version(settings.maps_dir) is not None
    if not (seeded and mapped):
        say("Inventing a city")
        city = await asyncio.to_thread(generate, cast.CITY_SEED)
        save_places(city.places, state_folder(settings))
        if not mapped:
            await asyncio.to_thread(_import, city, settings.maps_dir, say)
        say("Seeding its units, people and vehicles")
        async with transaction(sessions) as session:
            await seed_world(session, city, utc_now(), demo=settings.demo)
    for username, role, password in cast.accounts():
        say(f"  {username:<20} {password}   {role}")


def state_folder(settings: Settings) -> Path:
    """Where the demo keeps what it remembers between runs."""
    return settings.data_dir / "demo"


def _import(city: City, maps_dir: Path, say: Callable[[str], None]) -> None:
    with TemporaryDirectory(prefix="gongche-city-") as folder:
        path = Path(folder) / CITY_FILE
        write(city, path)
        import_map(path, maps_dir, say)
