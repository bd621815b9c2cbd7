"""The fleet seen as one at every level, at any instant: sums equal their parts."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.province import Shape, draw
from demo.province.model import SINCE
from demo.province.writing import MOVED_AT, write_province
from fleet.acts import Act
from fleet.lists import Slice
from fleet.organisations.mergers import merge
from fleet.summary import schemas
from fleet.summary.service import summary
from fleet.tables import Organisation, OrganisationParent, Vehicle, VehicleUnit
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/fleet/summary"
SMALL = Shape(cities=3, counties=9, units=60, vehicles=600)
PARTS = ("units", "drivers", "terminals", "vehicles")
MAPS = ("by_category", "by_holding", "by_energy")


def added(parts: list[schemas.TotalsOut]) -> dict[str, object]:
    """Return the sums of counts, member by member."""
    sums: dict[str, object] = {name: sum(getattr(one, name) for one in parts) for name in PARTS}
    for name in MAPS:
        counted: Counter[str] = Counter()
        for one in parts:
            counted.update(getattr(one, name))
        sums[name] = dict(sorted(counted.items()))
    return sums


async def _tree(session: AsyncSession, at: datetime) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for row in await session.scalars(select(OrganisationParent)):
        if row.period.lower <= at and (row.period.upper is None or at < row.period.upper):
            children.setdefault(row.parent_no, []).append(row.organisation_no)
    return children


async def _used(session: AsyncSession, at: datetime) -> dict[int, list[Vehicle]]:
    vehicles = {one.no: one for one in await session.scalars(select(Vehicle))}
    used: dict[int, list[Vehicle]] = {}
    for row in await session.scalars(select(VehicleUnit)):
        if row.period.lower <= at and (row.period.upper is None or at < row.period.upper):
            used.setdefault(row.organisation_no, []).append(vehicles[row.vehicle_no])
    return used


async def test_at_every_level_and_instant_the_whole_is_the_sum_of_its_parts(
    sessions: Sessions,
) -> None:
    now = MOVED_AT + timedelta(days=90)
    async with transaction(sessions) as session:
        await write_province(session, Act(None, now), draw(5, SMALL), {}, beside=False)
    async with transaction(sessions) as session:
        rows = (await session.scalars(select(Organisation).order_by(Organisation.no))).all()
        at = MOVED_AT + timedelta(days=30)
        await merge(session, Act(None, now), predecessor=rows[-1], successor=rows[-2], at=at)
    random = Random(1)
    async with transaction(sessions) as session:
        rows = (await session.scalars(select(Organisation))).all()
        scope = frozenset(row.no for row in rows)
        whole = Slice(500, None)
        for instant in (SINCE - timedelta(days=1), SINCE, at - timedelta(seconds=1), at, now):
            children, used = await _tree(session, instant), await _used(session, instant)

            def below(no: int, tree: dict[int, list[int]] = children) -> list[int]:
                return [no, *(one for child in tree.get(no, []) for one in below(child, tree))]

            for row in [*random.sample(rows, 12), rows[0]]:
                found = await summary(session, scope, row.id, instant, whole)
                parts = [found.own, *(one.totals for one in found.items)]
                assert added([found.total]) == added(parts)
                mine = [car for no in below(row.no) for car in used.get(no, [])]
                assert found.total.vehicles == len(mine)
                assert found.total.by_energy == Counter(car.energy for car in mine)
                assert found.own.vehicles == len(used.get(row.no, []))
                for one in found.items[:2]:
                    part = await summary(session, scope, one.organisation.id, instant, whole)
                    assert part.total == one.totals


async def test_a_unit_sees_its_own_sums_and_the_bureau_all_of_them(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "clerk_a")
    own = (await client.get(API)).json()
    assert own["organisation"]["name"] == "甲局"
    assert (own["total"]["vehicles"], own["total"]["drivers"]) == (3, 2)
    other = {"organisation_id": str(world.organisations["b"].id)}
    assert (await client.get(API, params=other)).status_code == 404
    await log_in(client, "manager")
    first = page = (await client.get(API, params={"limit": 1})).json()
    parts = [first["own"], *(one["totals"] for one in first["items"])]
    while page["next_cursor"] is not None:
        more = {"limit": 1, "cursor": page["next_cursor"]}
        page = (await client.get(API, params=more)).json()
        assert page["total"] == first["total"]
        parts += [one["totals"] for one in page["items"]]
    assert len(parts) > 2
    for name in PARTS:
        assert first["total"][name] == sum(one[name] for one in parts)
    assert first["total"]["vehicles"] == len(world.vehicles)


@pytest.mark.parametrize("params", [{"cursor": "x"}, {"at": "2026-01-01T00:00:00"}, {"limit": 0}])
async def test_a_malformed_question_is_refused(
    client: httpx.AsyncClient, world: World, params: dict[str, str]
) -> None:
    await log_in(client, "manager")
    assert (await client.get(API, params=params)).status_code == 422


async def test_a_past_count_tells_what_the_vehicles_were_then(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    path = f"/api/v1/vehicles/{world.vehicles['a1'].id}"
    counted = [await _counted(client, utc_now())]
    instants = [utc_now()]
    for changes in ({"energy": "electric"}, {"energy": "hybrid", "holding": "pool"}):
        (await client.patch(path, json=changes)).raise_for_status()
        instants.append(utc_now())
        counted.append(await _counted(client, instants[-1]))
    assert [one["by_energy"].get("electric", 0) for one in counted] == [0, 1, 0]
    assert [one["by_energy"].get("hybrid", 0) for one in counted] == [0, 0, 1]
    assert counted[1]["by_holding"] != counted[2]["by_holding"]
    for instant, then in zip(instants, counted, strict=True):
        assert await _counted(client, instant) == then
    await log_in(client, "clerk_a")
    assert (await _counted(client, instants[1]))["by_energy"]["electric"] == 1


async def _counted(client: httpx.AsyncClient, at: datetime) -> dict[str, Any]:
    answer = await client.get(API, params={"at": at.isoformat()})
    answer.raise_for_status()
    found = answer.json()
    for name in MAPS:
        parts = [found["own"], *(one["totals"] for one in found["items"])]
        sums = sum((Counter(one[name]) for one in parts), Counter[str]())
        assert sums == found["total"][name]
        assert sums.total() == found["total"]["vehicles"]
    total: dict[str, Any] = found["total"]
    return total
