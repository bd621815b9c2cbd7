"""Suggestions over HTTP: live positions, reasons, and what is kept."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Order, Suggestion
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.office import Json, Office, ok, problem, wish
from tests.support.world import LATITUDE, LONGITUDE

_SEEN = text("""
    INSERT INTO position (terminal_no, time, time_raw, digest, received_at, writer_no, batch_n,
                          row_n, latitude, longitude, fixed, alarm, status, reasons, backfilled,
                          raw)
    VALUES (:terminal_no, :time, :raw, :raw, :time, 1, 1,
            0, :latitude, :longitude, true, 0, 3, 0, false,
            '')
""")


async def see(office: Office, vehicle: str, away: float, at: datetime | None = None) -> None:
    """Store one position of a vehicle's terminal, so many degrees north of the applicant."""
    time = at or utc_now()
    async with transaction(office.sessions) as session:
        await session.execute(text("SELECT ensure_position_day(:day)"), {"day": shanghai_day(time)})
        await session.execute(
            _SEEN,
            {
                "terminal_no": office.world.terminals[vehicle].no,
                "time": time,
                "raw": int(time.timestamp() * 1e6),
                "latitude": LATITUDE + away,
                "longitude": LONGITUDE,
            },
        )


async def suggest(office: Office, request: Json) -> Json:
    return ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)


def plates(office: Office, *keys: str) -> list[str]:
    return [office.world.vehicles[key].plate for key in keys]


async def test_own_vehicles_come_before_pool_and_other_units_each_by_arrival(
    office: Office,
) -> None:
    for vehicle, away in (("b1", 0.001), ("pool1", 0.005), ("a1", 0.05), ("a2", 0.01)):
        await see(office, vehicle, away)
    shown = await suggest(office, await office.approved())
    assert shown["travel_times"] == "straight_line"
    assert [c["vehicle"]["plate"] for c in shown["candidates"]] == plates(
        office, "a2", "a1", "pool1", "b1"
    )
    assert [c["rank"] for c in shown["candidates"]] == [1, 2, 3, 4]
    best = shown["candidates"][0]
    assert best["driver"]["name"] == "驾驶员a1"
    assert 1400 < best["empty_m"] < 1700
    assert [r["rule"] for r in best["reasons"]] == [
        "order_of_use",
        "arrival_time",
        "empty_distance",
        "duty",
        "unit_duty",
    ]


async def test_vehicle_with_an_old_position_is_left_out_and_said_so(office: Office) -> None:
    await see(office, "a1", 0.01, utc_now() - timedelta(minutes=16))
    await see(office, "a2", 0.01, utc_now() - timedelta(minutes=14))
    shown = await suggest(office, await office.approved())
    assert [c["vehicle"]["plate"] for c in shown["candidates"]] == plates(office, "a2")
    left_out = {entry["vehicle"]["plate"]: entry for entry in shown["left_out"]}
    (old,) = plates(office, "a1")
    assert left_out[old]["rule"] == "terminal_fresh"
    assert "15 分钟" in left_out[old]["sentence"]


async def test_newest_position_counts(office: Office) -> None:
    await see(office, "a1", 0.2, utc_now() - timedelta(minutes=5))
    await see(office, "a1", 0.01, utc_now() - timedelta(minutes=1))
    (best,) = (await suggest(office, await office.approved()))["candidates"]
    assert best["latitude"] == LATITUDE + 0.01
    assert 60 <= best["position_age_s"] <= 120


async def test_busy_vehicle_is_left_out_and_its_driver_not_offered(office: Office) -> None:
    await see(office, "a1", 0.01)
    await see(office, "a2", 0.02)
    await office.assigned("a1", "a1")
    shown = await suggest(office, await office.approved())
    (best,) = shown["candidates"]
    assert (best["vehicle"]["plate"], best["driver"]["name"]) == (
        office.world.vehicles["a2"].plate,
        "驾驶员a2",
    )
    (busy,) = [e for e in shown["left_out"] if [e["vehicle"]["plate"]] == plates(office, "a1")]
    assert busy["rule"] == "free"


async def test_driver_who_is_out_beyond_the_planned_end_is_offered_only_for_later(
    office: Office,
) -> None:
    late = await office.drive(await office.assigned("a1", "a1"), until="depart")
    now = utc_now()
    overdue = Range(now - timedelta(hours=3), now - timedelta(hours=1), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == late["id"]).values(period=overdue))
    await office.assigned("b1", "a2")
    await see(office, "a2", 0.01)
    shown = await suggest(office, await office.approved())
    (left,) = [e for e in shown["left_out"] if [e["vehicle"]["plate"]] == plates(office, "a2")]
    assert (left["rule"], left["sentence"]) == ("driver", "2 名驾驶员：2 人有任务")
    shown = await suggest(office, await office.approved(start_in=timedelta(hours=5)))
    drivers = {c["vehicle"]["plate"]: c["driver"]["name"] for c in shown["candidates"]}
    assert drivers[office.world.vehicles["a2"].plate] in ("驾驶员a1", "驾驶员a2")


async def test_ride_of_tomorrow_is_suggested_from_the_bases(office: Office) -> None:
    shown = await suggest(office, await office.approved(start_in=timedelta(days=1)))
    assert len(shown["candidates"]) == len(office.world.vehicles)
    assert {c["position_age_s"] for c in shown["candidates"]} == {None}


async def test_suggestion_is_kept_as_shown_with_the_order_that_came_of_it(office: Office) -> None:
    await see(office, "a1", 0.01)
    request = await office.approved()
    shown = await suggest(office, request)
    best = shown["candidates"][0]
    body = {
        "vehicle_id": best["vehicle"]["id"],
        "driver_id": best["driver"]["id"],
        "suggestion_id": shown["id"],
        "revision": request["revision"],
    }
    order = ok(await office.post("dispatcher", f"/requests/{request['id']}/assignment", body), 201)
    async with office.sessions() as session:
        kept = (await session.scalars(select(Suggestion))).one()
    assert str(kept.chosen_order_id) == order["id"]
    assert json.loads(json.dumps(kept.candidates)) == shown["candidates"]
    assert kept.left_out == shown["left_out"]


async def test_whoever_assigns_another_than_the_first_says_why(office: Office) -> None:
    for vehicle, away in (("a1", 0.01), ("a2", 0.02)):
        await see(office, vehicle, away)
    request = await office.approved()
    shown = await suggest(office, request)
    best = shown["candidates"][0]
    assert [best["vehicle"]["plate"]] == plates(office, "a1")
    first_driver = best["driver"]["name"].removeprefix("驾驶员")
    other_driver = "a2" if first_driver == "a1" else "a1"
    named = {"suggestion_id": shown["id"]}
    for vehicle, driver in (("a2", first_driver), ("a1", other_driver)):
        refused = await office.assign(request, vehicle, driver, **named)
        problem(refused, "not-first-needs-reason", 409)
    why = {"reason": "用车人行动不便，需低地板车"}
    order = ok(await office.assign(request, "a2", other_driver, **named, **why), 201)
    ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    again = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    ok(await office.assign(again, "a1", first_driver, **named), 201)


async def test_a_suggestion_that_is_not_kept_for_the_request_is_no_ground_for_a_choice(
    office: Office,
) -> None:
    other = await suggest(office, await office.approved(start_in=timedelta(hours=30)))
    request = await office.approved()
    for unknown in (str(new_id()), other["id"]):
        refused = await office.assign(request, "a1", "a1", suggestion_id=unknown)
        problem(refused, "unknown-suggestion", 409)
    order = ok(await office.assign(request, "a1", "a1"), 201)
    change = {"revision": order["revision"], "reason": "换车", "suggestion_id": other["id"]}
    vehicle_id = str(office.world.vehicles["a2"].id)
    refused = await office.post(
        "dispatcher", f"/orders/{order['id']}/reassign", change | {"vehicle_id": vehicle_id}
    )
    problem(refused, "unknown-suggestion", 409)


async def test_cross_unit_assignment_is_marked_and_printed_on_the_slip(office: Office) -> None:
    order = await office.assigned("b1", "b1")
    assert order["cross_unit"] is True
    page = await office.get("dispatcher", f"/orders/{order['id']}/slip")
    assert "跨单位统一调度" in page.text
    assert (await office.assigned("pool1", "pool1"))["cross_unit"] is False


async def test_suggestion_is_for_dispatchers_and_for_requests_that_await_dispatch(
    office: Office,
) -> None:
    request = await office.ask()
    path = f"/requests/{request['id']}/suggestions"
    problem(await office.post("applicant_a", path), "forbidden", 403)
    problem(await office.post("dispatcher", path), "step-not-allowed", 409)


async def test_unknown_field_of_a_request_is_refused(office: Office) -> None:
    answer = await office.post("applicant_a", "/requests", wish(purpos="meeting"))
    problem(answer, "invalid-request", 422)
