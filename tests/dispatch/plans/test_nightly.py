"""Tomorrow's plan is asked for by itself in the evening, where a rule says so, once."""

import asyncio
from datetime import timedelta

from dispatch.plans.making import plan_step
from dispatch.plans.nightly import nightly_step
from dispatch.roads.straight_line import StraightLineTravelTimes
from kit.clock import day_start, shanghai_day, utc_now
from tests.dispatch.capacity.promising import say_rule
from tests.dispatch.office import Office, ok
from tests.dispatch.plans.test_planning import promised


async def test_tomorrows_plan_is_proposed_once_in_the_evening_and_confirms_nothing(
    office: Office,
) -> None:
    today = day_start(shanghai_day(utc_now()))
    evening = today + timedelta(hours=21)
    ride = await promised(office, 9)
    assert await nightly_step(office.sessions, evening) == 0
    await say_rule(office, "nightly_plans_h", 20)
    assert await nightly_step(office.sessions, today + timedelta(hours=19, minutes=59)) == 0
    # Several workers at once: each organisation with vehicles is asked for once by all of them.
    workers = (nightly_step(office.sessions, evening) for _ in range(4))
    assert sum(await asyncio.gather(*workers)) == 3
    assert await nightly_step(office.sessions, evening + timedelta(hours=1)) == 0
    while await plan_step(office.sessions, StraightLineTravelTimes, utc_now()):
        pass
    plans = ok(await office.get("dispatcher", "/plans"))["items"]
    assert [(one["automatic"], one["state"]) for one in plans] == [(True, "proposed")] * 3
    assert {one["asked_by"]["name"] for one in plans} == {"调度员"}
    own = next(one for one in plans if one["organisation"]["name"] == "机关事务中心")
    lines = ok(await office.get("dispatcher", f"/plans/{own['id']}"))["lines"]
    assert [line["state"] for line in lines] == ["proposed"]
    shown = ok(await office.get("dispatcher", f"/requests/{ride['id']}"))
    assert shown["state"] == "awaiting_dispatch"
    # What was confirmed of it stands whatever the next evening proposes.
    path = f"/plans/{own['id']}/confirmation"
    confirmed = ok(await office.post("dispatcher", path, {}))["lines"][0]
    assert confirmed["state"] == "confirmed"
    assert await nightly_step(office.sessions, evening + timedelta(days=1)) == 3
    order = ok(await office.get("dispatcher", f"/orders/{confirmed['order_id']}"))
    assert (order["state"], order["vehicle"]) == ("assigned", confirmed["vehicle"])
