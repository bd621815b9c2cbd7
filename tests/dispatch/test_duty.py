"""A driver's duty hours bring shifts, orders and driving together."""

from datetime import timedelta

from fleet.acts import Act
from fleet.duty.planning import plan_shift
from fleet.duty.words import ShiftKind
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.office import Office, instant, ok, problem


async def test_planned_ordered_and_driven_hours_are_shown_by_day_and_week(
    office: Office,
) -> None:
    order = await office.assigned(start_in=timedelta(minutes=1))
    await office.drive(order)
    now = utc_now()
    async with transaction(office.sessions) as session:
        await plan_shift(
            session,
            Act(None, now),
            driver=office.world.drivers["a1"],
            organisation_no=office.world.organisations["a"].no,
            kind=ShiftKind.DAY_SHIFT,
            start=now,
            end=now + timedelta(hours=12),
        )
    path = f"/drivers/{office.world.drivers['a1'].id}/duty"
    first = shanghai_day(now)
    shown = ok(await office.get("manager", path, first=first, last=first + timedelta(days=1)))
    assert len(shown["days"]) == 2
    assert sum(one["planned_s"] for one in shown["days"]) == 12 * 3600
    promised = instant(order["period"]["end"]) - instant(order["period"]["start"])
    ordered_s = sum(one["ordered_s"] for one in shown["days"])
    assert abs(ordered_s - promised.total_seconds()) <= 2
    assert sum(one["driven_s"] for one in shown["weeks"]) < 3600
    assert shown["limits"]["planned_day_s"] == 11 * 3600
    assert len(ok(await office.get("manager", path))["days"]) == 7
    for bad in (
        {"first": "2026-03-02", "last": "2026-03-01"},
        {"first": "2026-03-02", "last": "2026-09-01"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
    ):
        problem(await office.get("manager", path, **bad), "bad-days", 422)
    assert (await office.get("clerk_b", path)).status_code == 404
    assert (await office.get("driver_a1", path)).status_code == 403
