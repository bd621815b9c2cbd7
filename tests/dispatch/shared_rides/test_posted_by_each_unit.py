"""A shared ride stands in the publicity of each unit whose people rode, and of no other."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from dispatch.tables import Order
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, let_leave_early, ok
from tests.dispatch.shared_rides.rides import asked, beside, join

TO_A, TO_B = "甲局会场", "乙局调研点"


async def shared(office: Office) -> tuple[Json, Json]:
    """Return the request of unit A, and the order in which unit B rides along."""
    await let_leave_early(office)
    first = await asked(office, "a", destination=beside(0.03, TO_A))
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b", purpose="inspection", destination=beside(0.029, TO_B))
    return first, await join(office, second, order, override=True, reason="同去会议中心")


async def posted(office: Office, unit: str) -> list[tuple[str, str | None]]:
    """Return the purpose and place of what a unit posts this month."""
    month = f"{shanghai_day(utc_now()):%Y-%m}"
    rows = ok(await office.get(f"clerk_{unit}", "/reports/publicity", month=month))["rows"]
    return [(row["purpose_label"], row["place"]) for row in rows]


async def test_each_unit_posts_its_own_part_of_a_shared_ride(office: Office) -> None:
    _, order = await shared(office)
    await office.drive(order)
    assert await posted(office, "a") == [("会议、合乘", TO_A)]
    assert await posted(office, "b") == [("调研检查、合乘", TO_B)]


async def test_a_unit_whose_people_left_before_departure_posts_nothing(office: Office) -> None:
    first, order = await shared(office)
    read = ok(await office.get("applicant_a", f"/requests/{first['id']}"))
    told = {"revision": read["revision"], "reason": "会议取消"}
    ok(await office.post("applicant_a", f"/requests/{first['id']}/cancel", told))
    # A version of before left the order with the unit that had left it.
    unit_no = office.world.organisations["a"].no
    async with transaction(office.sessions) as session:
        kept = update(Order).where(Order.id == UUID(order["id"])).values(organisation_no=unit_no)
        await session.execute(kept)
    await office.drive(order)
    assert await posted(office, "a") == []
    assert [place for _, place in await posted(office, "b")] == [TO_B]


async def test_a_service_order_is_posted_by_its_own_unit(office: Office) -> None:
    now = utc_now()
    wish = {
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "driver_id": str(office.world.drivers["a1"].id),
        "kind": "service",
        "service_kind": "fuel",
        "reason": "加油",
        "start": now.isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
    }
    order = ok(await office.post("dispatcher", "/orders", wish), 201)
    await office.drive(order)
    assert len(await posted(office, "a")) == 1
    assert await posted(office, "b") == []
