"""A day's plan proposes whom to put together; confirmed, they share one vehicle, each joined."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from dispatch.plans import making
from kit.clock import day_start, shanghai_day, utc_now
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.office import Json, Office, instant, ok, wish
from tests.dispatch.plans.test_planning import plan_of
from tests.support.world import LATITUDE, LONGITUDE


@pytest.fixture(autouse=True)
def _kernel_is_ready(sharing_kernel: None) -> None:
    """Every test may share rides."""


def spot(north_km: float, east_km: float, name: str) -> Json:
    return {
        "name": name,
        "latitude": LATITUDE + north_km / 111.2,
        "longitude": LONGITUDE + east_km / 80,
    }


async def asked(office: Office, hour: float, *, from_km: float = 0.0, **more: object) -> Json:
    """A ride of three hours to one place in the north, whose passenger agrees to share."""
    told = {
        "passengers": 1,
        "may_share": True,
        "round_trip": False,
        "origin": spot(from_km, 0, "北门"),
        "destination": spot(30, 0, "会议中心"),
        **more,
    }
    unit = "b" if more.get("unit") == "b" else "a"
    told.pop("unit", None)
    start = day_start(shanghai_day(utc_now()) + timedelta(days=1)) + timedelta(hours=hour)
    times = {"start": start.isoformat(), "end": (start + timedelta(hours=3)).isoformat()}
    body = wish(**times, **told)
    made = ok(await office.post(f"applicant_{unit}", "/requests", body), 201)
    return await office.approve(made, f"approver_{unit}")


async def confirm(office: Office, plan: Json, *requests: Json) -> list[Json]:
    body = {"request_ids": [one["id"] for one in requests]} if requests else {}
    path = f"/plans/{plan['id']}/confirmation"
    return ok(await office.post("dispatcher", path, body))["lines"]


async def promised(office: Office, hour: float, **more: object) -> Json:
    request = await asked(office, hour, **more)
    await reserve(office, request)
    return ok(await office.get("dispatcher", f"/requests/{request['id']}"))


async def test_two_units_are_put_together_and_share_one_vehicle_once_confirmed(
    office: Office,
) -> None:
    first = await promised(office, 9)
    second = await promised(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    assert (plan["figures"]["served"], plan["figures"]["shared"]) == (2, 2)
    assert plan["figures"]["vehicles"] == 1
    one, other = plan["lines"]
    assert (one["request_id"], other["request_id"]) == (first["id"], second["id"])
    assert one["shared_group"] == other["shared_group"] == 1
    assert (one["vehicle"], one["driver"]) == (other["vehicle"], other["driver"])
    assert instant(one["pick_up_at"]) == instant(first["period"]["start"])
    assert instant(other["pick_up_at"]) > instant(one["pick_up_at"])
    assert one["empty_m"] is not None
    assert other["empty_m"] is None
    # Proposed, and nothing else.
    shown = ok(await office.get("dispatcher", f"/requests/{second['id']}"))
    assert shown["state"] == "awaiting_dispatch"
    told = await confirm(office, plan)
    assert [line["state"] for line in told] == ["confirmed", "confirmed"]
    assert told[0]["order_id"] == told[1]["order_id"]
    order = ok(await office.get("dispatcher", f"/orders/{told[0]['order_id']}"))
    assert {one["id"] for one in order["requests"]} == {first["id"], second["id"]}
    for request, line, username in ((first, one, "applicant_a"), (second, other, "applicant_b")):
        own = ok(await office.get(username, f"/requests/{request['id']}/sharing"))
        assert own["legs"][0]["pick_up_at"] == line["pick_up_at"]
        assert own["legs"][0]["detour_s"] <= own["legs"][0]["greatest_detour_s"]


async def test_who_shares_may_be_confirmed_one_by_one_and_joins_those_before(
    office: Office,
) -> None:
    first, second = await promised(office, 9), await promised(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    told = await confirm(office, plan, second)
    assert [line["state"] for line in told] == ["proposed", "confirmed"]
    order = ok(await office.get("dispatcher", f"/orders/{told[1]['order_id']}"))
    assert [one["id"] for one in order["requests"]] == [second["id"]]
    told = await confirm(office, plan, first)
    assert [line["state"] for line in told] == ["confirmed", "confirmed"]
    assert told[0]["order_id"] == told[1]["order_id"]
    # Who was told first when they are picked up is picked up then.
    own = ok(await office.get("applicant_b", f"/requests/{second['id']}/sharing"))["legs"][0]
    assert own["pick_up_at"] == second["period"]["start"]


async def test_who_no_longer_fits_those_confirmed_before_is_refused_and_waits(
    office: Office,
) -> None:
    first, second = await promised(office, 9), await promised(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    told = await confirm(office, plan, first)
    order = ok(await office.get("dispatcher", f"/orders/{told[0]['order_id']}"))
    # Somebody else's luggage: the vehicle is full by now.
    full = await asked(office, 9, passengers=3, from_km=1)
    joined = {"order_id": order["id"], "order_revision": order["revision"]}
    ok(await office.post(
        "dispatcher", f"/requests/{full['id']}/join", joined | {"revision": full["revision"]},
    ))  # fmt: skip
    told = await confirm(office, plan, second)
    assert (told[1]["state"], told[1]["sentence"]) == ("refused", "sharing-limit-broken")
    shown = ok(await office.get("dispatcher", f"/requests/{second['id']}"))
    assert shown["state"] == "awaiting_dispatch"


async def test_an_order_that_was_cancelled_meanwhile_is_joined_by_nobody(office: Office) -> None:
    first, second = await promised(office, 9), await promised(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    told = await confirm(office, plan, first)
    order = ok(await office.get("dispatcher", f"/orders/{told[0]['order_id']}"))
    ok(await office.step("dispatcher", order, "cancel", reason="会议取消"))
    told = await confirm(office, plan, second)
    assert told[1]["state"] == "confirmed"
    assert told[1]["order_id"] != order["id"]


async def test_who_takes_their_agreement_back_is_left_out_when_it_is_confirmed(
    office: Office,
) -> None:
    await promised(office, 9)
    second = await promised(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    no = {"revision": second["revision"], "agreed": False, "reason": "改为独乘"}
    ok(await office.post("applicant_b", f"/requests/{second['id']}/sharing", no))
    told = await confirm(office, plan)
    assert [(line["state"], line["sentence"]) for line in told] == [
        ("confirmed", None), ("refused", "stale-revision"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"may_share": False},
        {"purpose": "document", "purpose_text": "送取文件"},
        {"destination": spot(-30, 0, "南门")},
    ],
    ids=["no consent", "documents", "another way"],
)
async def test_nobody_is_put_together_who_does_not_share(office: Office, more: Json) -> None:
    await promised(office, 9)
    await promised(office, 9, unit="b", from_km=2, **more)
    plan = await plan_of(office)
    assert (plan["figures"]["served"], plan["figures"]["shared"]) == (2, 0)
    assert [line["shared_group"] for line in plan["lines"]] == [None, None]


async def test_while_the_search_is_being_compiled_everybody_is_planned_apart(
    office: Office,
) -> None:
    await promised(office, 9)
    await promised(office, 9, unit="b", from_km=2)
    with patch.object(making, "is_ready", return_value=False):
        plan = await plan_of(office)
    assert (plan["figures"]["served"], plan["figures"]["shared"]) == (2, 0)
