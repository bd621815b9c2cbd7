"""A key, a licence or a card of a vehicle has exactly one holder at every moment."""

from datetime import datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.custody.errors import HandedOverSince, SameHolder
from fleet.custody.holding import Holder, add_item, hand_over, shown_number
from fleet.custody.words import CustodyKind
from fleet.tables import Custody, CustodyItem, JournalEntry
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


def new_item(world: World, **changes: object) -> dict[str, object]:
    return {
        "vehicle_id": str(world.vehicles["a1"].id),
        "kind": "fuel_card",
        "label": "主卡",
        "number": "1000110012345678",
        "holder": {"organisation_id": str(world.organisations["a"].id)},
    } | changes


async def test_an_item_goes_from_hand_to_hand_and_who_held_it_is_known(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "clerk_a")
    made = await client.post(f"{API}/custodies", json=new_item(world))
    assert made.status_code == 201, made.text
    assert made.json()["number"] == "****5678"
    assert made.json()["holding"]["organisation"]["name"] == "甲局"
    url = f"{API}/custodies/{made.json()['id']}"
    driver = world.people["driver_a1"]
    passed = await client.post(f"{url}/handovers", json={"to": {"person_id": str(driver.id)}})
    assert passed.status_code == 201, passed.text
    assert passed.json()["holding"]["person"]["name"] == driver.name
    again = await client.post(f"{url}/handovers", json={"to": {"person_id": str(driver.id)}})
    assert again.json()["type"] == "/problems/same-holder"
    base = {"place_id": str(world.bases["a"].id)}
    back = await client.post(f"{url}/handovers", json={"to": base, "note": "入柜"})
    assert back.status_code == 201, back.text
    earlier = await client.post(
        f"{url}/handovers",
        json={"to": {"person_id": str(driver.id)}, "at": passed.json()["holding"]["start"]},
    )
    assert earlier.json()["type"] == "/problems/handed-over-since"
    future = (utc_now() + timedelta(hours=1)).isoformat()
    ahead = await client.post(
        f"{url}/handovers", json={"to": {"person_id": str(driver.id)}, "at": future}
    )
    assert ahead.json()["type"] == "/problems/hand-over-in-the-future"
    then = passed.json()["holding"]["start"]
    at = (await client.get(f"{API}/custodies", params={"at": then})).json()["items"]
    assert [one["holding"]["person"]["name"] for one in at] == [driver.name]
    now = (await client.get(f"{API}/custodies", params={"holder_id": base["place_id"]})).json()
    assert [one["id"] for one in now["items"]] == [made.json()["id"]]
    first = (await client.get(f"{url}/holders?limit=2")).json()
    rest = (await client.get(f"{url}/holders?limit=2&cursor={first['next_cursor']}")).json()
    held = [*first["items"], *rest["items"]]
    assert [one["note"] for one in held] == ["入柜", None, None]
    assert [one["end"] for one in held[1:]] == [one["start"] for one in held[:-1]]
    ended = await client.post(f"{url}/end", json={"reason": "挂失"})
    assert ended.status_code == 200, ended.text
    over = await client.post(f"{url}/handovers", json={"to": {"person_id": str(driver.id)}})
    assert over.json()["type"] == "/problems/item-ended"
    assert (await client.get(f"{API}/custodies")).json()["items"] == []
    async with sessions() as session:
        rows = (
            await session.scalars(
                select(JournalEntry)
                .where(JournalEntry.object_kind == "custody")
                .order_by(JournalEntry.no)
            )
        ).all()
    assert [one.action for one in rows] == [
        "custody.add",
        "custody.hand_over",
        "custody.hand_over",
        "custody.end",
    ]
    assert "12345678" not in str([(one.before, one.after) for one in rows])
    assert {one.organisation_no for one in rows} == {world.organisations["a"].no}


async def test_items_and_holders_of_another_unit_do_not_exist(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "clerk_b")
    assert (await client.post(f"{API}/custodies", json=new_item(world))).status_code == 404
    mine = new_item(world, vehicle_id=str(world.vehicles["b1"].id))
    assert (await client.post(f"{API}/custodies", json=mine)).status_code == 404
    mine["holder"] = {"person_id": str(world.people["clerk_b"].id)}
    made = await client.post(f"{API}/custodies", json=mine)
    assert made.status_code == 201, made.text
    await log_in(client, "clerk_a")
    assert (await client.get(f"{API}/custodies")).json()["items"] == []
    for path in ("handovers", "end"):
        body = {"reason": "x"} if path == "end" else {"to": mine["holder"]}
        answer = await client.post(f"{API}/custodies/{made.json()['id']}/{path}", json=body)
        assert answer.status_code == 404
    await log_in(client, "applicant_a")
    assert (await client.get(f"{API}/custodies")).status_code == 403


@pytest.mark.parametrize(
    "holder", [{}, {"person_id": None}, {"place_id": "x"}, {"person_id": "both", "place_id": "y"}]
)
async def test_an_item_without_exactly_one_holder_is_refused(
    client: httpx.AsyncClient, world: World, holder: dict[str, object]
) -> None:
    await log_in(client, "clerk_a")
    answer = await client.post(f"{API}/custodies", json=new_item(world, holder=holder))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("number", "shown"),
    [(None, None), ("7", "****"), ("12", "****2"), ("123456", "****456"), ("12345678", "****5678")],
)
def test_no_more_than_half_of_a_number_is_shown(number: str | None, shown: str | None) -> None:
    assert shown_number(number) == shown


_GAP = "UPDATE custody SET period = tstzrange(lower(period), now()) WHERE item_no = :no"
_NOBODY = "DELETE FROM custody WHERE item_no = :no"
_LATE = "UPDATE custody_item SET ended_at = now() WHERE no = :no"


@pytest.mark.parametrize("statement", [_GAP, _NOBODY, _LATE], ids=["gap", "nobody", "ended"])
async def test_the_database_refuses_an_item_that_nobody_holds(
    world: World, sessions: Sessions, statement: str
) -> None:
    async with transaction(sessions) as session:
        item = await _item(session, world, world.since)
    with pytest.raises(IntegrityError, match="held by nobody"):
        async with transaction(sessions) as session:
            await session.execute(text(statement), {"no": item.no})


async def _item(session: AsyncSession, world: World, at: datetime) -> CustodyItem:
    return await add_item(
        session,
        Act(None, at),
        vehicle=world.vehicles["a1"],
        organisation_no=world.organisations["a"].no,
        kind=CustodyKind.KEY,
        label=None,
        number=None,
        holder=Holder(world.organisations["a"]),
        note=None,
    )


_steps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-3, 6), st.integers(0, 6)), min_size=1, max_size=12
)


@given(steps=_steps)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_sequence_of_hand_overs_leaves_a_gap_or_two_holders(
    world: World, sessions: Sessions, steps: list[tuple[int, int, int]]
) -> None:
    holders = [
        Holder(world.organisations["a"]),
        Holder(world.bases["a"]),
        Holder(world.people["driver_a1"]),
        Holder(world.people["clerk_a"]),
    ]
    now = world.since
    async with transaction(sessions) as session:
        item = await _item(session, world, now)
    for to, offset, pause in steps:
        now += timedelta(minutes=pause)
        at = min(now, now + timedelta(minutes=offset - 3))
        async with transaction(sessions) as session:
            row = await session.get_one(CustodyItem, item.no, with_for_update=True)
            try:
                await hand_over(
                    session,
                    Act(None, now),
                    row,
                    to=holders[to],
                    organisation_no=world.organisations["a"].no,
                    at=at,
                )
            except (HandedOverSince, SameHolder):
                continue
    async with sessions() as session:
        periods = list(
            await session.scalars(
                select(Custody.period).where(Custody.item_no == item.no).order_by(Custody.no)
            )
        )
    assert periods[0].lower == world.since
    assert periods[-1].upper is None
    assert [one.upper for one in periods[:-1]] == [one.lower for one in periods[1:]]
