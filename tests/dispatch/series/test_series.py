"""A ride that returns: asked for and approved once, each ride promised or refused by itself."""

from datetime import date, timedelta

from sqlalchemy.dialects.postgresql import Range

from dispatch.retention import erase_orders
from dispatch.series.promising import promise_step
from fleet.retention.kinds import DataKind
from fleet.retention.running import Erasure
from fleet.tables import Outage
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.office import wish as one_ride


def day_after(days: int) -> date:
    return shanghai_day(utc_now()) + timedelta(days=days)


def wish(days: int = 3, **changes: object) -> Json:
    """Every day from tomorrow on, 08:00 to 09:00, whatever the calendar of the real year says."""
    body = {key: value for key, value in one_ride().items() if key not in {"start", "end"}}
    return {
        **body,
        "repeats": "daily",
        "days_off_too": True,
        "first_day": day_after(1).isoformat(),
        "last_day": day_after(days).isoformat(),
        "start_time": "08:00",
        "end_time": "09:00",
        **changes,
    }


async def ask(office: Office, **changes: object) -> Json:
    return ok(await office.post("applicant_a", "/request-series", wish(**changes)), 201)


async def act(office: Office, username: str, series: Json, action: str, **more: object) -> Json:
    body = {"revision": series["revision"], **more}
    return ok(await office.post(username, f"/request-series/{series['id']}/{action}", body))


async def promise_all(office: Office) -> int:
    count = 0
    while await promise_step(office.sessions, utc_now()):
        count += 1
    return count


async def read(office: Office, series: Json, username: str = "applicant_a") -> Json:
    return ok(await office.get(username, f"/request-series/{series['id']}"))


async def listed_ids(office: Office, *, in_series: bool) -> list[object]:
    found = await office.get("applicant_a", "/requests", in_series=in_series)
    return [one["id"] for one in ok(found)["items"]]


async def take_out_all_vehicles(office: Office, day: date) -> None:
    start = day_start(day)
    async with transaction(office.sessions) as session:
        session.add_all(
            Outage(
                id=new_id(),
                vehicle_no=vehicle.no,
                kind="maintenance",
                reason="保养",
                period=Range(start, start + timedelta(hours=12), bounds="[)"),
            )
            for vehicle in office.world.vehicles.values()
        )


async def test_one_approval_makes_requests_that_are_each_promised_or_refused_with_alternatives(
    office: Office,
) -> None:
    asked = await ask(office)
    assert (asked["state"], asked["rides"]) == ("unit_review", 0)
    assert [one["day"] for one in asked["all_rides"]] == [
        day_after(n).isoformat() for n in (1, 2, 3)
    ]
    assert all(one["request_id"] is None for one in asked["all_rides"])
    # 08:00 in Shanghai.
    assert instant(asked["all_rides"][0]["period"]["start"]) == day_start(day_after(1)) + timedelta(
        hours=8
    )
    assert await promise_all(office) == 0
    await take_out_all_vehicles(office, day_after(2))
    approved = await act(office, "approver_a", asked, "approve")
    assert (approved["state"], approved["rides"]) == ("approved", 3)
    assert approved["approved_by"]["id"] == str(office.world.people["approver_a"].id)
    assert [one["awaits_promise"] for one in approved["all_rides"]] == [True] * 3
    request_id = approved["all_rides"][0]["request_id"]
    request = ok(await office.get("applicant_a", f"/requests/{request_id}"))
    assert (request["state"], request["series_id"]) == ("awaiting_dispatch", asked["id"])
    by_itself = ok(await office.post("applicant_a", "/requests", one_ride()), 201)
    assert await listed_ids(office, in_series=False) == [by_itself["id"]]
    assert set(await listed_ids(office, in_series=True)) == {
        one["request_id"] for one in approved["all_rides"]
    }
    assert [(one["action"], one["actor"]) for one in request["steps"]] == [
        ("submit", asked["applicant"]), ("approve", approved["approved_by"]),
    ]  # fmt: skip
    assert request["allowance"] is not None
    assert await promise_all(office) == 3
    told = await read(office, asked)
    assert (told["promised"], told["refused"]) == (2, 1)
    assert [one["reservation"] for one in told["all_rides"]] == ["held", "refused", "held"]
    instead = told["all_rides"][1]["alternatives"]
    (later,) = instead["other_times"][-1:]
    assert instant(later["start"]) >= day_start(day_after(2)) + timedelta(hours=12)
    assert [one["alternatives"] for one in (told["all_rides"][0], told["all_rides"][2])] == [
        None, None,
    ]  # fmt: skip
    listed = ok(await office.get("approver_a", "/request-series", state="approved"))["items"]
    assert [one["id"] for one in listed] == [asked["id"]]


async def test_single_rides_go_by_themselves_and_the_end_takes_all_that_are_to_come(
    office: Office,
) -> None:
    asked = await ask(office, days=4)
    series = await act(office, "approver_a", asked, "approve")
    await promise_all(office)
    ids = [one["request_id"] for one in series["all_rides"]]
    withdrawn = {"revision": 3, "reason": "会议取消"}
    ok(await office.post("applicant_a", f"/requests/{ids[0]}/withdraw", withdrawn))
    order = ok(await office.assign({"id": ids[1], "revision": 3}, "a1", "a1"), 201)
    problem(
        await office.post(
            "approver_a",
            f"/request-series/{series['id']}/end",
            {"revision": series["revision"], "reason": "不再需要"},
        ),
        "step-not-yours",
        403,
    )
    body = {"revision": series["revision"]}
    path = f"/request-series/{series['id']}/end"
    problem(await office.post("applicant_a", path, body), "reason-needed", 422)
    ended = await act(office, "applicant_a", series, "end", reason="工作结束")
    assert (ended["state"], ended["state_reason"]) == ("ended", "工作结束")
    assert [one["state"] for one in ended["all_rides"]] == [
        "withdrawn", "cancelled", "withdrawn", "withdrawn",
    ]  # fmt: skip
    assert [one["reservation"] for one in ended["all_rides"]] == ["released"] * 4
    gone = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert gone["state"] == "cancelled"
    problem(
        await office.post("applicant_a", path, {**body, "reason": "再次"}), "stale-revision", 409
    )
    again = {"revision": ended["revision"], "reason": "再次"}
    problem(await office.post("applicant_a", path, again), "step-not-allowed", 409)


async def test_a_dispatcher_ends_a_series_too_and_what_it_was_promised_is_free_again(
    office: Office,
) -> None:
    series = await act(office, "approver_a", await ask(office, days=2), "approve")
    await promise_all(office)
    ended = await act(office, "dispatcher", series, "end", reason="车辆调整")
    assert [one["state"] for one in ended["all_rides"]] == ["cancelled"] * 2
    assert [one["reservation"] for one in ended["all_rides"]] == ["released"] * 2


async def test_what_is_sent_back_is_written_anew_and_nobody_approves_their_own(
    office: Office,
) -> None:
    asked = await ask(office)
    problem(await office.get("applicant_b", f"/request-series/{asked['id']}"), "not-found", 404)
    ride = {"passenger_id": str(office.world.people["approver_a"].id)}
    own = await ask(office, **ride)
    path = f"/request-series/{own['id']}/approve"
    problem(await office.post("approver_a", path, {"revision": 1}), "own-approval", 403)
    back = await act(office, "approver_a", asked, "send_back", reason="时间写清楚")
    assert (back["state"], back["state_reason"]) == ("sent_back", "时间写清楚")
    anew = {**wish(days=2, start_time="22:30", end_time="01:00"), "revision": back["revision"]}
    written = await (await office.client("applicant_a")).put(
        f"/api/v1/request-series/{asked['id']}", json=anew
    )
    series = ok(written)
    assert (series["state"], series["state_reason"]) == ("unit_review", None)
    assert [instant(one["period"]["end"]) for one in series["all_rides"]] == [
        day_start(day_after(n)) + timedelta(hours=1) for n in (2, 3)
    ]
    stale = await (await office.client("applicant_a")).put(
        f"/api/v1/request-series/{asked['id']}", json=anew
    )
    problem(stale, "stale-revision", 409)
    approved = await act(office, "approver_a", series, "approve")
    late = await (await office.client("applicant_a")).put(
        f"/api/v1/request-series/{asked['id']}", json={**anew, "revision": approved["revision"]}
    )
    problem(late, "step-not-allowed", 409)


async def test_a_series_that_means_no_day_is_refused_with_a_sentence(office: Office) -> None:
    async def refused(kind: str, **changes: object) -> None:
        answer = await office.post("applicant_a", "/request-series", wish(**changes))
        problem(answer, kind, 422)

    tomorrow, sooner = day_after(1).isoformat(), day_after(0).isoformat()
    await refused("empty-period", last_day=sooner)
    await refused("period-in-the-past", first_day=day_after(-1).isoformat())
    await refused("period-too-far", last_day=day_after(181).isoformat())
    await refused("weekdays-missing", repeats="weekly")
    await refused("weekdays-missing", weekdays=[1])
    other = day_after(1).isoweekday() % 7 + 1
    await refused("no-ride-in-series", repeats="weekly", weekdays=[other], last_day=tomorrow)
    for bad in (
        {"start_time": "08:00:30"}, {"start_time": "08:00Z"}, {"at_most": 181}, {"at_most": 0},
        {"weekdays": [0]}, {"first_day": "9999-12-31"}, {"repeats": "yearly"},
    ):  # fmt: skip
        answer = await office.post("applicant_a", "/request-series", wish(**bad))
        assert answer.status_code == 422, (bad, answer.text)


async def test_the_registers_calendar_decides_which_days_are_off(office: Office) -> None:
    # Three days of one year: the notice is of one.
    first = 1 if day_after(1).year == day_after(3).year else 4
    day = day_after(first + 1)
    notice = {
        "year": day.year,
        "source": "试验通知",
        "holidays": [{"name": "试验节", "first": day.isoformat(), "last": day.isoformat()}],
        "makeup_workdays": [],
    }
    ok(await office.post("authority", "/calendar/import", notice), 201)
    asked = await ask(
        office, days=first + 2, first_day=day_after(first).isoformat(), days_off_too=False
    )
    assert [one["day"] for one in asked["all_rides"]] == [
        day_after(n).isoformat() for n in (first, first + 2)
    ]
    assert asked["left_out"] == [{"day": day.isoformat(), "why": "day_off", "name": "试验节"}]
    # A notice that comes later moves no ride that was approved; the series tells which it concerns.
    approved = await act(office, "approver_a", asked, "approve")
    third = day_after(first + 2).isoformat()
    notice["holidays"].append({"name": "第二节", "first": third, "last": third})  # type: ignore[attr-defined]
    ok(await office.post("authority", "/calendar/import", notice), 201)
    told = await read(office, approved)
    assert [one["day_off"] for one in told["all_rides"]] == [None, "第二节"]
    assert told["left_out"] == asked["left_out"]


async def test_a_series_is_erased_with_the_last_of_its_rides(office: Office) -> None:
    series = await act(office, "approver_a", await ask(office, days=2), "approve")
    kept = await ask(office, days=2)
    erasure = Erasure(
        kind=DataKind.ORDERS, before=utc_now() + timedelta(days=30), now=utc_now(), dry_run=False
    )
    counts = await erase_orders(office.sessions, erasure)
    assert (counts["series_ride"], counts["request_series"]) == (0, 0)
    await act(office, "applicant_a", series, "end", reason="工作结束")
    counts = await erase_orders(office.sessions, erasure)
    assert (counts["series_ride"], counts["request_series"], counts["request"]) == (2, 1, 2)
    problem(await office.get("applicant_a", f"/request-series/{series['id']}"), "not-found", 404)
    assert (await read(office, kept))["state"] == "unit_review"
