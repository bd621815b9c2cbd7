"""A ride gets other times: which are refused, and what was told goes with the old ones."""

from datetime import timedelta

import httpx

from tests.dispatch.missions.people import approved
from tests.dispatch.office import Office, instant, ok, problem
from tests.support.world import LATITUDE, LONGITUDE


async def test_times_in_which_the_way_cannot_be_driven_are_refused_with_what_it_takes(
    office: Office,
) -> None:
    far = {"name": "远站", "latitude": LATITUDE + 0.9, "longitude": LONGITUDE}
    request = await office.approved(start_in=timedelta(hours=30), hours=4, destination=far)
    start = instant(request["period"]["start"])
    refused = await office.post(
        "dispatcher",
        f"/requests/{request['id']}/times",
        {
            "revision": request["revision"],
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=30)).isoformat(),
            "reason": "改期",
        },
    )
    assert problem(refused, "ride-too-short", 422)["least_minutes"] >= 90
    shown = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    assert shown["period"] == request["period"]


async def test_a_pick_up_that_was_told_goes_with_the_times_for_which_it_was_told(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(hours=30))
    path, moved = f"/requests/{order['requests'][0]['id']}", timedelta(hours=5)
    assert ok(await office.get("applicant_a", path))["promised_pickup_at"] is not None
    ok(await office.step("dispatcher", order, "undo"))
    request = ok(await office.get("dispatcher", path))
    times = {
        name: (instant(request["period"][name]) - moved).isoformat() for name in ("start", "end")
    }
    body = {"revision": request["revision"], "reason": "提前", **times}
    changed = ok(await office.post("dispatcher", f"{path}/times", body))
    assert changed["promised_pickup_at"] is None
    ok(await office.assign(changed, "a2", "a2"), 201)
    told = ok(await office.get("applicant_a", path))["promised_pickup_at"]
    assert instant(told) == instant(times["start"])


async def test_times_of_a_mission_are_those_of_its_one_approval(office: Office) -> None:
    mission = await approved(office)
    request = ok(await office.get("dispatcher", f"/requests/{mission['rides'][0]['request_id']}"))
    body = {"revision": request["revision"], "reason": "改期", **request["period"]}
    refused = await office.post("dispatcher", f"/requests/{request['id']}/times", body)
    problem(refused, "ride-of-mission", 409)


async def test_other_times_are_no_longer_than_those_that_were_approved(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path, start = f"/requests/{request['id']}/times", instant(request["period"]["start"])
    later = start + timedelta(hours=3)
    body = {"revision": request["revision"], "reason": "改期", "start": later.isoformat()}
    longer = body | {"end": (later + timedelta(hours=2, seconds=1)).isoformat()}
    problem(await office.post("dispatcher", path, longer), "longer-than-approved", 409)
    ok(
        await office.post(
            "dispatcher", path, body | {"end": (later + timedelta(hours=2)).isoformat()}
        )
    )


async def test_times_that_were_made_shorter_may_be_as_long_again_as_was_approved(
    office: Office,
) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path, start = f"/requests/{request['id']}", instant(request["period"]["start"])

    async def last(**hours: float) -> httpx.Response:
        read = ok(await office.get("dispatcher", path))
        times = {"start": start.isoformat(), "end": (start + timedelta(**hours)).isoformat()}
        body = {"revision": read["revision"], "reason": "改期", **times}
        return await office.post("dispatcher", f"{path}/times", body)

    ok(await last(hours=1))
    ok(await last(hours=1.5))
    problem(await last(hours=2, seconds=1), "longer-than-approved", 409)
    ok(await last(hours=2))
    # Whoever approves it anew approves what it asks for then.
    shortened = ok(await last(hours=1))
    told = {"revision": shortened["revision"], "reason": "请确认时间"}
    back = ok(await office.post("dispatcher", f"{path}/send_back", told))
    asked = await office.post("applicant_a", f"{path}/submit", {"revision": back["revision"]})
    await office.approve(ok(asked))
    problem(await last(hours=2), "longer-than-approved", 409)


async def test_times_that_a_ride_has_already_take_no_pick_up_back(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path = f"/requests/{request['id']}"
    order = ok(await office.assign(request, "a1", "a1"), 201)
    ok(await office.step("dispatcher", order, "undo"))
    request = ok(await office.get("applicant_a", path))
    assert request["promised_pickup_at"] is not None
    body = {"revision": request["revision"], "reason": "核对", **request["period"]}
    problem(await office.post("dispatcher", f"{path}/times", body), "nothing-changed", 409)
    assert ok(await office.get("applicant_a", path)) == request
