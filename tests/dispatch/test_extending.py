"""A later end: until the next order, by whom, and how far beyond what was approved."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.dialects.postgresql import Range

from dispatch.orders.errors import ExtensionTooLong
from dispatch.orders.extending import LIMITS, check_extension
from kit.clock import utc_now
from tests.dispatch.office import Office, instant, ok, problem
from tests.dispatch.pairs import change


async def test_extension_is_granted_until_the_next_order(office: Office) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(minutes=30), hours=2)
    end = instant(order["period"]["end"])
    later = await office.assigned("a1", "a1", start_in=timedelta(hours=4), hours=1)
    body = {"revision": order["revision"], "reason": "会议延长"}
    path = f"/orders/{order['id']}/extend"
    for wrong in (end, end - timedelta(minutes=5)):
        answer = await office.post("dispatcher", path, body | {"end": wrong.isoformat()})
        problem(answer, "end-not-later", 422)
    answer = await office.post(
        "dispatcher", path, body | {"end": (end + timedelta(hours=2)).isoformat()}
    )
    told = problem(answer, "vehicle-busy", 409)
    assert [one["id"] for one in told["in_the_way"]] == [later["id"]]
    assert instant(told["latest_end"]) == instant(later["period"]["start"])
    assert office.world.vehicles["a2"].plate in [one["plate"] for one in told["alternatives"]]
    order = await change(office, order, "extend", end=later["period"]["start"])
    assert order["period"]["end"] == later["period"]["start"]
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert [one["item"] for one in slip["amendments"]] == ["times_planned"]


async def test_driver_extends_once_under_way_and_no_sooner(office: Office) -> None:
    order = await office.assigned("a1", "a1")
    end = (instant(order["period"]["end"]) + timedelta(hours=1)).isoformat()
    body = {"revision": order["revision"], "reason": "会议延长", "end": end}
    path = f"/orders/{order['id']}/extend"
    problem(await office.post("driver_a1", path, body), "step-not-yours", 403)
    order = await office.drive(order, until="depart")
    assert "extend" in order["actions"]
    order = await change(office, order, "extend", "driver_a1", end=end)
    assert instant(order["period"]["end"]) == instant(end)


async def test_an_extension_stays_within_what_its_approval_bears(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    approved, path = instant(order["period"]["end"]), f"/orders/{order['id']}/extend"

    async def extend(who: str, hours: float, seconds: int = 0) -> httpx.Response:
        revision = ok(await office.get(who, f"/orders/{order['id']}"))["revision"]
        end = approved + timedelta(hours=hours, seconds=seconds)
        body = {"revision": revision, "reason": "会议延长", "end": end.isoformat()}
        return await office.post(who, path, body | {"override": who == "dispatcher"})

    told = problem(await extend("driver_a1", 4, 1), "extension-too-long", 409)
    assert instant(told["latest"]) == approved + timedelta(hours=4)
    # Tapping twice buys no more.
    ok(await extend("driver_a1", 3))
    ok(await extend("driver_a1", 4))
    problem(await extend("driver_a1", 5), "extension-too-long", 409)
    problem(await extend("dispatcher", 24, 1), "extension-too-long", 409)
    ok(await extend("dispatcher", 24))


def test_what_was_dispatched_late_is_extended_from_its_own_end() -> None:
    now, hour = utc_now(), timedelta(hours=1)
    approved = Range(now - 5 * hour, now - 3 * hour, bounds="[)")
    planned = Range(now, now + 2 * hour, bounds="[)")
    latest = LIMITS.latest(planned, [approved], by_driver=True, mobilised=False)
    assert latest == now + 6 * hour
    longer = check_extension(planned, now + 6 * hour, now, latest)
    assert longer == Range(now, now + 6 * hour, bounds="[)")
    with pytest.raises(ExtensionTooLong):
        check_extension(planned, now + 6.1 * hour, now, latest)


@pytest.mark.parametrize(
    ("served", "by_driver", "mobilised", "hours"),
    [
        (True, True, False, 6),
        (True, False, False, 26),
        (True, True, True, 6),
        (True, False, True, None),
        (False, True, False, 24),
        (False, False, False, None),
    ],
)
def test_how_long_an_order_may_last_depends_on_who_says_so_and_what_for(
    served: bool, by_driver: bool, mobilised: bool, hours: int | None
) -> None:
    now = utc_now()
    planned = Range(now, now + timedelta(hours=2), bounds="[)")
    approved = [planned] if served else []
    latest = LIMITS.latest(planned, approved, by_driver=by_driver, mobilised=mobilised)
    assert latest == (None if hours is None else now + timedelta(hours=hours))


async def test_an_applicants_word_emergency_buys_no_longer_ride(office: Office) -> None:
    order = await office.assigned("a1", "a1", purpose="emergency", purpose_text="抢险")
    order = await office.drive(order, until="depart")
    for who, hours in (("driver_a1", 5), ("dispatcher", 25)):
        end = instant(order["period"]["end"]) + timedelta(hours=hours)
        body = {"revision": order["revision"], "reason": "延长", "end": end.isoformat()}
        path = f"/orders/{order['id']}/extend"
        problem(await office.post(who, path, body), "extension-too-long", 409)
