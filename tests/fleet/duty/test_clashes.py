"""Shifts, leave and the roster know each other: leave refuses what comes after it, and tells."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

from fleet.duty.clashes import KINDS, Kind, Planned, beside, may_be_planned
from tests.fleet.duty.test_planning import API, span
from tests.support.world import World, log_in

MORNING = datetime(2026, 10, 1, tzinfo=UTC)


def planned(kind: Kind, first_h: int, last_h: int) -> Planned:
    hour = timedelta(hours=1)
    return Planned(kind, UUID(int=1), MORNING + first_h * hour, MORNING + last_h * hour)


@pytest.mark.parametrize(("new", "standing"), list(product(KINDS, KINDS)))
def test_only_a_duty_during_leave_and_a_second_of_its_kind_are_refused(
    new: Kind, standing: Kind
) -> None:
    refused = {("shift", "shift"), ("leave", "leave"), ("shift", "leave"), ("roster", "leave")}
    assert may_be_planned(new, beside=standing) is ((new, standing) not in refused)


@given(st.integers(0, 47), st.integers(1, 48), st.integers(0, 47), st.integers(1, 48))
def test_what_shares_an_instant_with_a_period_stands_beside_it(
    first: int, hours: int, other: int, other_hours: int
) -> None:
    one = planned("shift", other, other + other_hours)
    wish = planned("leave", first, first + hours)
    period = Range(wish.start, wish.end, bounds="[)")
    shared = {*range(first, first + hours)} & {*range(other, other + other_hours)}
    assert beside([one], period) == ([one] if shared else [])


async def test_a_driver_on_leave_gets_neither_a_shift_nor_a_place_on_the_roster(
    client: httpx.AsyncClient, world: World
) -> None:
    driver = f"{API}/drivers/{world.drivers['a1'].id}"
    person = await _person_of(client, driver)
    await log_in(client, "manager")
    away = {"kind": "sick", "reason": "手术"} | span(world, 10, 20)
    leave = (await client.post(f"{driver}/leaves", json=away)).json()
    assert leave["duties"] == []
    await log_in(client, "clerk_a")
    shift = {"kind": "day_shift"} | span(world, 19, 27)
    refused = (await client.post(f"{driver}/shifts", json=shift)).json()
    assert refused["type"] == "/problems/person-on-leave", refused
    assert [(one["kind"], one["id"]) for one in refused["conflicts"]] == [("leave", leave["id"])]
    assert "sick" not in str(refused)
    duty = {"kind": "holiday_duty", "organisation_id": str(world.organisations["a"].id)}
    roster = duty | {"person_id": person} | span(world, 0, 11)
    refused = (await client.post(f"{API}/rosters", json=roster)).json()
    assert refused["type"] == "/problems/person-on-leave", refused
    # What only touches the leave is no conflict, and leave that was withdrawn none either.
    touching = await client.post(f"{API}/rosters", json=roster | span(world, 0, 10))
    assert touching.status_code == 201, touching.text
    await log_in(client, "manager")
    assert (await client.post(f"{API}/leaves/{leave['id']}/end")).status_code == 200
    await log_in(client, "clerk_a")
    assert (await client.post(f"{driver}/shifts", json=shift)).status_code == 201


async def test_leave_over_duties_is_granted_tells_them_and_marks_them_until_it_ends(
    client: httpx.AsyncClient, world: World
) -> None:
    driver = f"{API}/drivers/{world.drivers['a1'].id}"
    person = await _person_of(client, driver)
    await log_in(client, "clerk_a")
    shift = {"kind": "day_shift"} | span(world, 8, 16)
    first = (await client.post(f"{driver}/shifts", json=shift)).json()
    duty = {"kind": "holiday_duty", "organisation_id": str(world.organisations["a"].id)}
    roster = duty | {"person_id": person} | span(world, 10, 40)
    second = (await client.post(f"{API}/rosters", json=roster)).json()
    assert (first["on_leave"], second["on_leave"]) == (False, False)
    await log_in(client, "manager")
    away = {"kind": "sick", "reason": "手术"} | span(world, 12, 20)
    made = await client.post(f"{driver}/leaves", json=away)
    assert made.status_code == 201, made.text
    assert [(one["kind"], one["id"]) for one in made.json()["duties"]] == [
        ("shift", first["id"]),
        ("roster", second["id"]),
    ]
    await log_in(client, "clerk_a")
    for path, marked in ((f"{driver}/shifts", True), (f"{API}/rosters", True)):
        (one,) = (await client.get(path)).json()["items"]
        assert one["on_leave"] is marked
    await log_in(client, "manager")
    await client.post(f"{API}/leaves/{made.json()['id']}/end")
    await log_in(client, "clerk_a")
    for path in (f"{driver}/shifts", f"{API}/rosters"):
        (one,) = (await client.get(path)).json()["items"]
        assert one["on_leave"] is False


async def _person_of(client: httpx.AsyncClient, driver: str) -> str:
    await log_in(client, "manager")
    return str((await client.get(driver)).json()["person_id"])
