"""A vehicle that a process of the version before has added, during an update, is not stuck."""

import httpx
from sqlalchemy import text

from kit.clock import shanghai_day
from kit.database import Sessions, transaction
from tests.fleet.vehicles.cars import API
from tests.support.world import World, log_in


async def test_a_vehicle_without_plate_row_and_events_lives_on_as_one_in_use(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    """What the old process does not write is taken away; it knows only the row and the unit."""
    vehicle = world.vehicles["a1"]
    async with transaction(sessions) as session:
        for table in ("vehicle_event", "vehicle_plate"):
            await session.execute(
                text(f"DELETE FROM {table} WHERE vehicle_no = :no"),
                {"no": vehicle.no},
            )
    await log_in(client, "manager")
    address = f"{API}/vehicles/{vehicle.id}"
    b = str(world.organisations["b"].id)
    moved = await client.post(f"{address}/transfers", json={"organisation_id": b})
    assert moved.status_code == 201, moved.text
    shown = (await client.get(address)).json()
    assert (shown["state"], shown["unit"]["name"]) == ("in_use", "乙局")
    events = (await client.get(f"{address}/events")).json()["items"]
    first = shanghai_day(world.since).isoformat()
    assert [(one["kind"], one["day"]) for one in events] == [
        ("registered", first),
        ("allocated", first),
        ("put_in_use", first),
        ("transferred", shanghai_day(world.now).isoformat()),
    ]
    plated = await client.post(
        f"{address}/plates", json={"plate": "示A77777", "plate_colour": "blue"}
    )
    assert plated.status_code == 201, plated.text
    plates = (await client.get(f"{address}/plates")).json()["items"]
    assert [one["plate"] for one in plates] == ["示A77777", vehicle.plate]
    gone = await client.post(f"{address}/disposals", json={"method": "scrap"})
    assert gone.status_code == 201, gone.text
