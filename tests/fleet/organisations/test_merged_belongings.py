"""What a merged organisation leaves behind: lives of vehicles, keys, rosters, quotas, terminals."""

from datetime import datetime, timedelta

import httpx
from sqlalchemy import func, select, text

from fleet.tables import BindingChange, Custody, Organisation, Quota, RosterEntry
from kit.clock import shanghai_day
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


async def _merge(client: httpx.AsyncClient, world: World, at: datetime) -> dict[str, object]:
    answer = await client.post(
        f"{API}/organisations/{world.organisations['a'].id}/mergers",
        json={"successor_id": str(world.organisations["b"].id), "at": at.isoformat()},
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, object] = answer.json()
    return told


async def _set_state_by_events(sessions: Sessions, world: World) -> None:
    """Let a2 be registered alone, and a3 have no events at all, as the version before adds it."""
    async with transaction(sessions) as session:
        await session.execute(
            text("DELETE FROM vehicle_event WHERE vehicle_no = :no AND kind <> 'registered'"),
            {"no": world.vehicles["a2"].no},
        )
        await session.execute(
            text("DELETE FROM vehicle_event WHERE vehicle_no = :no"),
            {"no": world.vehicles["a3"].no},
        )


async def test_a_merger_stands_in_the_life_of_each_vehicle_and_tracking_is_told(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await _set_state_by_events(sessions, world)
    await log_in(client, "manager")
    at = world.now - timedelta(days=2)
    await _merge(client, world, at)
    for key, kind in (("a1", "transferred"), ("a2", "changed"), ("a3", "transferred")):
        address = f"{API}/vehicles/{world.vehicles[key].id}"
        last = (await client.get(f"{address}/events")).json()["items"][-1]
        assert (last["kind"], last["day"]) == (kind, shanghai_day(at).isoformat())
        assert last["facts"]["from"]["name"] == "甲局"
        assert last["facts"]["to"]["name"] == last["unit"]["name"] == "乙局"
        # Its life goes on from there.
        gone = await client.post(f"{address}/disposals", json={"method": "scrap"})
        assert gone.status_code == 201, gone.text
    async with sessions() as session:
        since = await session.scalars(
            select(BindingChange.since).where(
                BindingChange.vehicle_no == world.vehicles["a1"].no, BindingChange.since == at
            )
        )
        assert len(since.all()) == 1


async def test_keys_and_rosters_pass_to_the_successor_and_quotas_are_told_to_be_decided(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    a, b = world.organisations["a"], world.organisations["b"]
    at = world.now - timedelta(days=2)
    async with transaction(sessions) as session:
        await _cabinet_and_roster(session.execute, world)
        for unit, count in ((a, 3), (b, 4)):
            session.add(
                Quota(
                    organisation_no=unit.no,
                    category="other_prescribed",
                    count=count,
                    basis="编制文件",
                    period=func.tstzrange(world.since, None),
                )
            )
    await log_in(client, "manager")
    told = await _merge(client, world, at)
    assert told["quotas_to_decide"] == [
        {"category": "other_prescribed", "count": 3, "successor_count": 4, "used": 6}
    ]
    async with sessions() as session:
        held = await session.execute(
            select(Organisation.name, func.lower(Custody.period), func.upper(Custody.period))
            .join(Organisation, Organisation.no == Custody.organisation_no)
            .order_by(Custody.no)
        )
        assert [tuple(row) for row in held] == [
            ("甲局", world.since, at),
            ("乙局", at, None),
        ]
        on_duty = await session.execute(
            select(Organisation.name, RosterEntry.note, func.lower(RosterEntry.period))
            .join(Organisation, Organisation.no == RosterEntry.organisation_no)
            .order_by(RosterEntry.note, func.lower(RosterEntry.period))
        )
        ahead = world.now + timedelta(days=1)
        assert [tuple(row) for row in on_duty] == [
            ("甲局", "now", at - timedelta(days=1)),
            ("乙局", "now", at),
            ("乙局", "planned", ahead),
        ]
        quotas = await session.execute(select(Quota.count, func.upper(Quota.period)))
        assert {tuple(row) for row in quotas} == {(3, at), (4, None)}


async def _cabinet_and_roster(execute: object, world: World) -> None:
    assert callable(execute)
    a, now = world.organisations["a"].no, world.now
    await execute(
        text("""
            WITH item AS (
                INSERT INTO custody_item (id, vehicle_no, kind)
                VALUES (gen_random_uuid(), :vehicle, 'key') RETURNING no
            )
            INSERT INTO custody (item_no, organisation_no, period)
            SELECT no, :a, tstzrange(:since, NULL) FROM item
        """),
        {"vehicle": world.vehicles["a1"].no, "a": a, "since": world.since},
    )
    for note, first, last in (("now", -3, 3), ("planned", 1, 2)):
        await execute(
            text("""
                INSERT INTO roster_entry (id, organisation_no, kind, vehicle_no, period, note)
                VALUES (gen_random_uuid(), :a, :kind, :vehicle, tstzrange(:first, :last), :note)
            """),
            {
                "a": a,
                "kind": f"kind of {note}",
                "vehicle": world.vehicles["a1" if note == "now" else "a2"].no,
                "first": now + timedelta(days=first),
                "last": now + timedelta(days=last),
                "note": note,
            },
        )


async def test_terminals_belong_to_the_unit_of_the_vehicle_in_which_they_sit(
    client: httpx.AsyncClient, world: World
) -> None:
    """List, scope and transfer agree; a terminal that sits nowhere stays with its last unit."""
    b = str(world.organisations["b"].id)
    await log_in(client, "manager")

    async def of(unit: str) -> set[str]:
        asked = {"organisation_id": str(world.organisations[unit].id)}
        shown = await client.get(f"{API}/terminals", params=asked)
        assert {t["unit"]["name"] for t in shown.json()["items"]} == {
            world.organisations[unit].name
        }
        return {t["phone"] for t in shown.json()["items"]}

    phones = {key: terminal.phone for key, terminal in world.terminals.items()}
    assert phones["a1"] in await of("a")
    moved = await client.post(
        f"{API}/vehicles/{world.vehicles['a1'].id}/transfers", json={"organisation_id": b}
    )
    assert moved.status_code == 201, moved.text
    assert phones["a1"] not in await of("a")
    assert phones["a1"] in await of("b")
    # The same by binding: out of one unit's vehicle and into another's.
    address = f"{API}/terminals/{world.terminals['a2'].id}/bindings"
    assert (await client.post(f"{address}/end", json={})).status_code == 200
    assert phones["a2"] in await of("a")
    bound = {"vehicle_id": str(world.vehicles["b1"].id), "is_primary": False}
    answer = await client.post(address, json=bound)
    assert answer.status_code == 201, answer.text
    assert phones["a2"] not in await of("a")
    assert phones["a2"] in await of("b")
