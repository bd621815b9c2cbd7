"""The departure check: what fails keeps the vehicle from leaving, and from everybody else."""

from collections.abc import Iterable

import pytest

from dispatch.checks.rules import Checked, check_departure, read_found
from dispatch.checks.words import CheckItem
from fleet.acts import Act
from fleet.rules.dispatching import DepartureCheckRule
from fleet.rules.keys import RuleKey
from fleet.rules.saying import say
from kit.clock import utc_now
from kit.database import transaction
from kit.errors import DomainError
from tests.dispatch.office import Json, Office, ok, problem

OFF, REQUIRED = DepartureCheckRule.OFF, DepartureCheckRule.REQUIRED
DEPART = {"odometer_m": 52_000_000}


def body(failed: Iterable[CheckItem] = (), note: str | None = None) -> Json:
    failing = set(failed)
    items = [{"item": one, "passed": one not in failing} for one in CheckItem]
    return {"items": items, "note": note}


async def accepted(office: Office) -> Json:
    order = await office.assigned()
    return ok(await office.step("driver_a1", order, "accept"))


async def check(office: Office, order: Json, sent: Json, by: str = "driver_a1") -> Json:
    path = f"/orders/{order['id']}/departure-check"
    return ok(await office.post(by, path, sent), 201)


@pytest.mark.parametrize(
    ("checked", "rule", "refused"),
    [
        (Checked(None, (), has_defect=False), OFF, None),
        (Checked(None, (), has_defect=False), REQUIRED, "DepartureCheckNeeded"),
        (Checked(True, (), has_defect=False), REQUIRED, None),
        (Checked(False, ("lights",), has_defect=True), OFF, "DepartureCheckFailed"),
        (Checked(True, (), has_defect=True), OFF, "VehicleDefective"),
        (Checked(None, (), has_defect=True), REQUIRED, "VehicleDefective"),
    ],
)
def test_a_departure_is_refused_for_a_failed_check_a_defect_or_no_check(
    checked: Checked, rule: DepartureCheckRule, refused: str | None
) -> None:
    if refused is None:
        check_departure(checked, rule)
        return
    with pytest.raises(DomainError) as caught:
        check_departure(checked, rule)
    assert type(caught.value).__name__ == refused


def test_only_what_is_unsafe_is_a_defect() -> None:
    dirty = read_found([(one, one is not CheckItem.CLEANLINESS) for one in CheckItem], "车内未清扫")
    assert (dirty.failed, dirty.is_defect) == ((CheckItem.CLEANLINESS,), False)
    flat = read_found([(one, one is not CheckItem.TYRES) for one in CheckItem], "右前轮漏气")
    assert flat.is_defect
    assert flat.sentence() == "出车检查不合格（轮胎）：右前轮漏气"


async def test_a_failed_check_keeps_the_vehicle_from_leaving_and_out_of_use(
    office: Office,
) -> None:
    order = await accepted(office)
    path = f"/orders/{order['id']}/departure-check"
    half = {"items": body()["items"][:-1]}
    problem(await office.post("driver_a1", path, half), "check-incomplete", 422)
    unsaid = body([CheckItem.BRAKES])
    problem(await office.post("driver_a1", path, unsaid), "check-note-needed", 422)
    problem(await office.post("applicant_a", path, body()), "step-not-yours", 403)
    failed = await check(office, order, body([CheckItem.BRAKES], "制动距离过长"))
    assert (failed["passed"], failed["note"]) == (False, "制动距离过长")
    refused = await office.step("driver_a1", order, "depart", **DEPART)
    assert problem(refused, "departure-check-failed", 409)["failed"] == ["brakes"]
    (outage,) = ok(await office.get("manager", "/outages"))["items"]
    assert (outage["id"], outage["kind"], outage["end"]) == (failed["outage_id"], "defect", None)
    assert outage["reason"] == "出车检查不合格（制动）：制动距离过长"
    again = await check(office, order, body())
    assert (again["passed"], again["outage_id"]) == (True, None)
    problem(await office.step("driver_a1", order, "depart", **DEPART), "vehicle-defective", 409)
    ended = f"/outages/{outage['id']}/end"
    ok(await office.post("manager", ended, {"reason": "已更换制动片"}))
    ok(await office.step("driver_a1", order, "depart", **DEPART))
    problem(await office.post("driver_a1", path, body()), "step-not-allowed", 409)
    page = ok(await office.get("dispatcher", f"{path}s", limit=1))
    assert [one["id"] for one in page["items"]] == [again["id"]]
    rest = ok(await office.get("dispatcher", f"{path}s", cursor=page["next_cursor"]))
    assert [one["id"] for one in rest["items"]] == [failed["id"]]


async def test_where_a_check_is_required_nobody_departs_without_one(office: Office) -> None:
    async with transaction(office.sessions) as session:
        await say(
            session,
            Act(None, utc_now()),
            organisation=office.world.organisations["a"],
            key=RuleKey.DEPARTURE_CHECK,
            value=REQUIRED,
            open_below=False,
        )
    order = await accepted(office)
    refused = await office.step("driver_a1", order, "depart", **DEPART)
    problem(refused, "departure-check-needed", 409)
    await check(office, order, body())
    ok(await office.step("driver_a1", order, "depart", **DEPART))
