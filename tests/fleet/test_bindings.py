"""Bindings of terminals to vehicles: dated, never overlapping, and felt by days gone by."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from fleet.tables import BindingChange, VehicleTerminal
from kit.database import Sessions
from tests.support.world import World, log_in

API = "/api/v1"


def bindings_of(world: World, terminal: str) -> str:
    return f"{API}/terminals/{world.terminals[terminal].id}/bindings"


async def test_a_terminal_never_sits_in_two_vehicles_at_once(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    answer = await client.post(
        bindings_of(world, "a1"), json={"vehicle_id": str(world.vehicles["a2"].id)}
    )
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/binding-overlap"


async def test_the_database_refuses_the_overlap_by_itself(world: World, sessions: Sessions) -> None:
    async with sessions() as session:
        row = await session.scalar(
            select(VehicleTerminal).where(VehicleTerminal.terminal_no == world.terminals["a1"].no)
        )
        assert row is not None
        session.add(
            VehicleTerminal(
                vehicle_no=world.vehicles["a2"].no,
                terminal_no=row.terminal_no,
                is_primary=False,
                period=row.period,
            )
        )
        with pytest.raises(IntegrityError, match="one_vehicle_at_a_time"):
            await session.flush()


async def test_a_vehicle_has_one_primary_source_but_may_have_others(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    a = str(world.organisations["a"].id)
    new = await client.post(
        f"{API}/terminals", json={"phone": "013911112222", "organisation_id": a}
    )
    assert new.status_code == 201, new.text
    assert new.json()["phone"] == "13911112222"
    path = f"{API}/terminals/{new.json()['id']}/bindings"
    vehicle = {"vehicle_id": str(world.vehicles["a1"].id)}
    assert (await client.post(path, json=vehicle)).status_code == 409
    second = await client.post(path, json=vehicle | {"is_primary": False})
    assert second.status_code == 201


async def test_a_terminal_moves_when_its_binding_has_ended(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    end = (world.now - timedelta(hours=1)).isoformat()
    for terminal in ("a1", "a2"):
        ended = await client.post(f"{bindings_of(world, terminal)}/end", json={"end": end})
        assert ended.status_code == 200, ended.text
    moved = await client.post(
        bindings_of(world, "a1"),
        json={"vehicle_id": str(world.vehicles["a2"].id), "start": end},
    )
    assert moved.status_code == 201, moved.text
    vehicle = await client.get(f"{API}/vehicles/{world.vehicles['a2'].id}")
    assert vehicle.json()["terminal"]["phone"] == world.terminals["a1"].phone


async def test_a_period_that_ends_before_it_begins_is_refused(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    answer = await client.post(
        bindings_of(world, "a1"),
        json={
            "vehicle_id": str(world.vehicles["a1"].id),
            "start": world.now.isoformat(),
            "end": world.now.isoformat(),
        },
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/empty-period"


async def test_a_binding_stays_inside_ones_scope(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "dispatcher")
    body = {"vehicle_id": str(world.vehicles["b1"].id)}
    assert (await client.post(bindings_of(world, "a1"), json=body)).status_code == 403


async def test_a_change_of_the_main_source_has_trips_derived_again_from_its_start(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(delete(BindingChange))
    await log_in(client, "manager")
    start = world.now - timedelta(days=5)
    for terminal in ("a1", "a2"):
        await client.post(f"{bindings_of(world, terminal)}/end", json={"end": start.isoformat()})
    moved = await client.post(
        bindings_of(world, "a1"),
        json={"vehicle_id": str(world.vehicles["a2"].id), "start": start.isoformat()},
    )
    assert moved.status_code == 201, moved.text
    async with sessions() as session:
        rows = await session.execute(select(BindingChange.vehicle_no, BindingChange.since))
    assert {tuple(row) for row in rows} == {
        (world.vehicles["a1"].no, start),
        (world.vehicles["a2"].no, start),
    }
