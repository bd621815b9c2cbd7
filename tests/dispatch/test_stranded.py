"""After a breakdown the next vehicle comes to where the passengers were left."""

from datetime import timedelta

import pytest

from dispatch.eligibility.asking import need_of
from dispatch.tables import Request
from kit.clock import utc_now
from tests.dispatch.office import LATITUDE, LONGITUDE, Json, Office, ok
from tests.tracking.received import position, received, running_ingest

ON_THE_WAY = (LATITUDE + 0.01, LONGITUDE + 0.01)
TOLD = {"name": "原车停驶处", "latitude": ON_THE_WAY[0], "longitude": ON_THE_WAY[1]}


async def broken_down(office: Office, until: str, **tap: object) -> Json:
    """Drive so far, break down, and return the request that waits again."""
    order = await office.drive(await office.assigned("a1", "a1"), until=until)
    ok(await office.step("driver_a1", order, "breakdown", reason="发动机故障", **tap))
    request = f"/requests/{order['requests'][0]['id']}"
    return ok(await office.get("applicant_a", request))


def at(place: tuple[float, float]) -> dict[str, object]:
    return {"latitude": place[0], "longitude": place[1]}


async def test_passengers_are_met_where_the_driver_s_phone_was(office: Office) -> None:
    request = await broken_down(office, "arrive", **at(ON_THE_WAY))
    assert request["pickup"] == TOLD
    assert request["origin"]["name"] == "甲局"
    second = ok(await office.assign(request, "a2", "a2", reason="救援"), 201)
    assert second["requests"][0]["pickup"] == TOLD
    slip = ok(await office.get("dispatcher", f"/orders/{second['id']}/slip", format="json"))
    assert "原车停驶处" in str(slip)
    approach = ok(await office.get("applicant_a", f"/requests/{request['id']}/approach"))
    assert approach["pick_up"] == TOLD
    async with office.sessions() as session:
        asked = await session.get_one(Request, request["id"])
        need = need_of(asked)
        assert need.origin == ON_THE_WAY
        asked.pickup_latitude = None
        assert need.ride_m is not None
        assert need.ride_m < (need_of(asked).ride_m or 0)


@pytest.mark.parametrize(
    ("until", "place"),
    [("arrive", (LATITUDE + 0.001, LONGITUDE)), ("depart", ON_THE_WAY), ("arrive", None)],
    ids=["beside the origin", "before anybody was in it", "nobody knows where"],
)
async def test_passengers_are_met_at_the_origin_otherwise(
    office: Office, until: str, place: tuple[float, float] | None
) -> None:
    request = await broken_down(office, until, **(at(place) if place else {}))
    assert request["pickup"] == request["origin"]


async def test_without_a_phone_s_place_the_terminal_s_last_one_counts(
    office: Office, database_url: str
) -> None:
    now = utc_now().replace(microsecond=0) - timedelta(seconds=5)
    terminal = office.world.terminals["a1"].no
    async with running_ingest(database_url) as ingest:
        seen = position(now, terminal, lat=ON_THE_WAY[0], lon=ON_THE_WAY[1])
        await ingest.submit([received(seen, now)])
    request = await broken_down(office, "arrive")
    assert request["pickup"] == TOLD
