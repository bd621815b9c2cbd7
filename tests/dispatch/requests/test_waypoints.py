"""A ride calls at places on its way: asked for, measured, printed and shown in their order."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.eligibility.asking import need_of
from dispatch.requests.way import places_of
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.tables import Request
from fleet.tables import Vehicle
from fleet.words import Energy
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok, problem, wish
from tests.dispatch.series.test_series import wish as series_wish
from tests.support.world import LATITUDE, LONGITUDE


def waypoint(name: str, north: float, stay_minutes: int = 0) -> Json:
    return {
        "name": name,
        "latitude": LATITUDE + north,
        "longitude": LONGITUDE,
        "stay_minutes": stay_minutes,
    }


ROUND = [waypoint("甲站", 0.1, 20), waypoint("乙站", -0.1)]


async def test_waypoints_stand_in_their_order_in_request_order_and_slip(office: Office) -> None:
    request = await office.approved(waypoints=ROUND, hours=4)
    shown = ok(await office.get("applicant_a", f"/requests/{request['id']}"))
    assert shown["waypoints"] == ROUND
    order = ok(await office.assign(request, "a1", "a1"), 201)
    assert order["requests"][0]["waypoints"] == ROUND
    phone = ok(await office.get("driver_a1", f"/orders/{order['id']}"))
    assert phone["requests"][0]["waypoints"] == ROUND
    slip = ok(await office.get("driver_a1", f"/orders/{order['id']}/slip", format="json"))
    route = next(one["text"] for one in slip["items"] if one["key"] == "route_planned")
    assert route == "甲局 → 甲站（停留20分钟） → 乙站 → 会议中心 → 甲局"


async def test_the_way_is_measured_by_its_waypoints_for_batteries_too(office: Office) -> None:
    straight = await office.approved(hours=4)
    around = await office.approved(waypoints=ROUND, hours=4)
    direct = ok(await office.get("applicant_a", f"/requests/{straight['id']}"))
    shown = ok(await office.get("applicant_a", f"/requests/{around['id']}"))
    async with office.sessions() as session:
        row = (await session.scalars(select(Request).where(Request.id == around["id"]))).one()
    places = places_of(row)
    assert len(places) == 5
    _, metres = StraightLineTravelTimes().matrix(places, places)
    along = sum(float(metres[n, n + 1]) for n in range(4))
    assert abs(shown["way_m"] - along) <= 4
    assert shown["way_m"] > 3 * direct["way_m"]
    assert need_of(row).ride_m == shown["way_m"]
    # A battery that lasts for the direct ride doesn't for this one.
    async with transaction(office.sessions) as session:
        vehicle = await session.get_one(Vehicle, office.world.vehicles["a1"].no)
        vehicle.energy, vehicle.norm_wh_per_100km = Energy.ELECTRIC, 20_000
        vehicle.battery_kwh = round(direct["way_m"] * 1.5 / 0.8 * 20_000 / 100_000 / 1000) or 1
    refused = problem(await office.assign(around, "a1", "a1"), "override-needs-reason", 409)
    assert [one["rule"] for one in refused["objections"]] == ["in_range"]


async def test_a_way_that_takes_longer_than_its_time_is_refused_with_the_least(
    office: Office,
) -> None:
    long_stay = [waypoint("甲站", 0.01, 119)]
    short = {"waypoints": long_stay, "hours": 2}
    answer = await office.post("applicant_a", "/requests", _wish(**short))
    told = problem(answer, "ride-too-short", 422)
    assert told["least_minutes"] > 120
    ok(await office.post("applicant_a", "/requests", _wish(waypoints=long_stay, hours=3)), 201)
    shared = _wish(waypoints=long_stay, hours=3, may_share=True)
    problem(await office.post("applicant_a", "/requests", shared), "waypoints-not-shared", 422)
    for bad in ([waypoint("站", 0.01)] * 9, [waypoint("站", 0.01, 1441)], [waypoint("站", 90)]):
        answer = await office.post("applicant_a", "/requests", _wish(waypoints=bad, hours=4))
        assert answer.status_code == 422


async def test_a_series_calls_at_its_waypoints_on_each_ride_and_nobody_joins_it(
    office: Office,
) -> None:
    body = series_wish(days=1, waypoints=ROUND, end_time="12:00")
    series = ok(await office.post("applicant_a", "/request-series", body), 201)
    assert series["waypoints"] == ROUND
    path = f"/request-series/{series['id']}/approve"
    approved = ok(await office.post("approver_a", path, {"revision": 1}))
    request_id = approved["all_rides"][0]["request_id"]
    request = ok(await office.get("applicant_a", f"/requests/{request_id}"))
    assert request["waypoints"] == ROUND
    agreed = {"revision": request["revision"], "agreed": True}
    answer = await office.post("applicant_a", f"/requests/{request_id}/sharing", agreed)
    assert answer.status_code == 409, answer.text


def _wish(hours: float, **changes: object) -> Json:
    return wish(timedelta(minutes=30), hours, **changes)
