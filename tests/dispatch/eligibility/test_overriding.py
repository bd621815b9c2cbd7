"""Assigning by hand: hard rules refuse, soft ones ask for a reason, which is kept."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.eligibility.overriding import objections
from fleet.acts import Act
from fleet.outages.outages import end_outage, open_outage
from fleet.outages.tables import Outage
from fleet.outages.words import OutageKind
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.eligibility.choosing import AT, NEED, driver, vehicle
from tests.dispatch.office import Office, ok, problem


def test_every_soft_rule_that_speaks_against_a_choice_is_told() -> None:
    tired = (driver(duty_s=10 * 3600),)
    told = objections(vehicle(category="enforcement", range_m=0, drivers=tired), NEED, AT)
    assert [rule for rule, _ in told] == ["enforcement_only", "in_range", "duty_day"]
    assert told[-1][1] == "驾驶员当日任务将超过 11 小时"
    assert objections(vehicle(fix=None, base=None, seats=1), NEED, AT) == []


async def outage(office: Office, kind: OutageKind) -> Outage:
    async with transaction(office.sessions) as session:
        return await open_outage(
            session,
            Act(None, utc_now()),
            vehicle=office.world.vehicles["a1"],
            organisation_no=office.world.organisations["a"].no,
            kind=kind,
            start=None,
            end=None,
            reason="检修",
        )


async def test_maintenance_is_put_off_with_a_reason_and_a_defect_never(office: Office) -> None:
    await outage(office, OutageKind.MAINTENANCE)
    defect = await outage(office, OutageKind.DEFECT)
    request = await office.approved(start_in=timedelta(hours=5))
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    struck = {one["vehicle"]["plate"]: one for one in shown["left_out"]}
    assert (struck["示A10001"]["rule"], struck["示A10001"]["hard"]) == ("no_defect", True)
    why = {"reason": "无其他车辆"}
    problem(await office.assign(request, "a1", "a1", **why), "vehicle-defective", 409)
    async with transaction(office.sessions) as session:
        row = (await session.scalars(select(Outage).where(Outage.no == defect.no))).one()
        unit_no = office.world.organisations["a"].no
        await end_outage(session, Act(None, utc_now()), row, organisation_no=unit_no)
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    struck = {one["vehicle"]["plate"]: one for one in shown["left_out"]}
    assert (struck["示A10001"]["rule"], struck["示A10001"]["hard"]) == ("no_maintenance", False)
    # A reason says why another than the first; only who read the objections overrides them by it.
    for unread in ({}, why, {"override": True}):
        answer = await office.assign(request, "a1", "a1", **unread)
        assert problem(answer, "override-needs-reason", 409)["objections"] == [
            {"rule": "no_maintenance", "sentence": "该时段车辆维护停用，未定恢复时间"}
        ]
    ok(await office.assign(request, "a1", "a1", override=True, **why), 201)
    async with office.sessions() as session:
        entry = (
            await session.scalars(select(JournalEntry).where(JournalEntry.action == "order.assign"))
        ).one()
    assert entry.reason == "无其他车辆"
    assert entry.after is not None
    assert entry.after["overridden"] == ["no_maintenance"]


async def test_a_vehicle_out_of_use_may_still_be_ordered_for_its_own_needs(office: Office) -> None:
    await outage(office, OutageKind.DEFECT)
    start = utc_now() + timedelta(hours=1)
    wish = {
        "kind": "service",
        "service_kind": "repair",
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "driver_id": str(office.world.drivers["a1"].id),
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "reason": "送修",
    }
    order = ok(await office.post("dispatcher", "/orders", wish), 201)
    ok(await office.step("driver_a1", order, "accept"))
    ok(await office.step("driver_a1", order, "depart", odometer_m=52_000_000))
