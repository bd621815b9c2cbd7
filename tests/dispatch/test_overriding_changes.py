"""Changing what is promised asks the rules anew: a dispatcher overrides them, and is told which."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from dispatch.automatic.on_duty import any_dispatcher, duty_dispatcher
from dispatch.eligibility.errors import OverrideNeedsReason
from dispatch.orders import booking
from dispatch.orders.changing import Change, change_order
from dispatch.orders.states import OrderAction
from dispatch.requests.schemas import AssignmentIn
from dispatch.tables import Order
from dispatch.words import ServiceKind
from fleet.outages.words import OutageKind
from fleet.tables import JournalEntry, Vehicle
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from kit.errors import NotFound
from tests.dispatch.eligibility.test_overriding import outage
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.pairs import driver, vehicle
from tests.dispatch.test_suggestions import see, suggest

_REFUSED = "override-needs-reason"


async def keep_for_enforcement(office: Office, name: str) -> None:
    async with transaction(office.sessions) as session:
        no = office.world.vehicles[name].no
        await session.execute(
            update(Vehicle).where(Vehicle.no == no).values(category="enforcement")
        )


async def journalled(office: Office, action: str) -> JournalEntry:
    async with office.sessions() as session:
        return (
            await session.scalars(select(JournalEntry).where(JournalEntry.action == action))
        ).one()


def until_tomorrow(hour: int) -> timedelta:
    """How long it is to an hour of tomorrow in Beijing: no day ends in the middle of a test."""
    now = utc_now()
    return day_start(shanghai_day(now) + timedelta(days=1)) + timedelta(hours=hour) - now


async def test_a_reason_alone_does_not_override_what_speaks_against_another_vehicle(
    office: Office,
) -> None:
    await keep_for_enforcement(office, "a2")
    order = await office.assigned("a1", "a1")
    path = f"/orders/{order['id']}/reassign"
    body = {
        "revision": order["revision"],
        "reason": "调整",
        "vehicle_id": vehicle(office, "a2"),
        "driver_id": driver(office, "a2"),
    }
    refused = problem(await office.post("dispatcher", path, body), _REFUSED, 409)
    assert [one["rule"] for one in refused["objections"]] == ["enforcement_only"]
    ok(await office.post("dispatcher", path, body | {"override": True}))
    entry = await journalled(office, "order.reassign")
    assert entry.reason == "调整"
    assert entry.after is not None
    assert entry.after["overridden"] == ["enforcement_only"]


async def test_a_longer_order_counts_whole_for_the_drivers_day_and_a_driver_overrides_nothing(
    office: Office,
) -> None:
    await office.assigned("a2", "a1", start_in=until_tomorrow(6), hours=6)
    order = await office.assigned("a1", "a1", start_in=until_tomorrow(13), hours=4)
    end = instant(order["period"]["end"]) + timedelta(hours=2)
    await out_since_now(office, order)
    body = {"revision": order["revision"], "reason": "会议延长", "end": end.isoformat()}
    path = f"/orders/{order['id']}/extend"
    for who, override in (("driver_a1", True), ("driver_a1", False), ("dispatcher", False)):
        answer = await office.post(who, path, body | {"override": override})
        told = problem(answer, _REFUSED, 409)["objections"]
        assert [one["rule"] for one in told] == ["duty_day"]
    ok(await office.post("dispatcher", path, body | {"override": True}))
    entry = await journalled(office, "order.extend")
    assert entry.after is not None
    assert entry.after["overridden"] == ["duty_day"]


async def out_since_now(office: Office, order: Json) -> None:
    """Let an order of tomorrow be on the road, sooner than anybody may depart."""
    async with transaction(office.sessions) as session:
        values = {"state": "departed", "departed_at": utc_now()}
        await session.execute(update(Order).where(Order.id == order["id"]).values(values))


async def test_auto_dispatch_overrides_nothing_whatever_it_says(office: Office) -> None:
    body = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "person_id": str(office.world.people["dispatcher"].id),
    }
    ok(await office.post("manager", "/duty-dispatchers", body), 201)
    await keep_for_enforcement(office, "a2")
    waiting = await office.approved(start_in=timedelta(hours=5))
    order = await office.assigned("a1", "a1")
    pair = {"vehicle_id": vehicle(office, "a2"), "driver_id": driver(office, "a2")}
    change = Change(
        OrderAction.REASSIGN,
        order["revision"],
        "少等 5 分钟",
        override=True,
        vehicle_id=office.world.vehicles["a2"].id,
        driver_id=office.world.drivers["a2"].id,
    )
    choice = AssignmentIn.model_validate(
        pair | {"revision": waiting["revision"], "reason": "自动派车", "override": True}
    )
    now = utc_now()
    async with office.sessions() as session:
        system = await duty_dispatcher(session, office.world.organisations["a"].no, now)
        assert system is not None
        with pytest.raises(OverrideNeedsReason):
            await change_order(session, system, order["id"], change, now, None)
        with pytest.raises(OverrideNeedsReason):
            await booking.assign(session, system, waiting["id"], choice, now, None)


def service(office: Office, name: str, kind: ServiceKind, start: datetime) -> Json:
    return {
        "kind": "service",
        "service_kind": kind,
        "vehicle_id": vehicle(office, name),
        "driver_id": driver(office, name),
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "reason": "车务",
    }


async def test_a_defective_vehicle_leaves_for_its_repair_and_nothing_else(office: Office) -> None:
    start = utc_now() + timedelta(hours=1)
    other = ok(
        await office.post("dispatcher", "/orders", service(office, "a2", ServiceKind.FUEL, start)),
        201,
    )
    await outage(office, OutageKind.DEFECT)
    for kind in ServiceKind:
        answer = await office.post("dispatcher", "/orders", service(office, "a1", kind, start))
        if kind is ServiceKind.REPAIR:
            ok(answer, 201)
        else:
            problem(answer, "vehicle-defective", 409)
        start += timedelta(hours=2)
    body = {"revision": other["revision"], "reason": "换车", "override": True}
    path = f"/orders/{other['id']}/swap_vehicle"
    answer = await office.post("dispatcher", path, body | {"vehicle_id": vehicle(office, "a1")})
    problem(answer, "vehicle-defective", 409)


async def test_another_units_vehicle_is_as_good_as_not_there_for_who_dispatches_for_one(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1")
    now, unit_no = utc_now(), office.world.organisations["a"].no
    async with office.sessions() as session:
        whole = await any_dispatcher(session, unit_no, now)
        assert whole is not None
        grants = [replace(grant, scope=frozenset({unit_no})) for grant in whole.grants]
        of_one = replace(whole, grants=tuple(grants))
        change = Change(
            OrderAction.REASSIGN,
            order["revision"],
            "调整",
            override=True,
            vehicle_id=office.world.vehicles["b1"].id,
        )
        with pytest.raises(NotFound):
            await change_order(session, of_one, order["id"], change, now, None)


async def test_a_vehicle_that_broke_down_is_not_sent_again(office: Office) -> None:
    await see(office, "a1", 0.001)
    await see(office, "a2", 0.05)
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    ok(await office.step("driver_a1", order, "breakdown", reason="发动机故障"))
    (opened,) = ok(await office.get("manager", "/outages"))["items"]
    assert (opened["kind"], opened["end"], opened["reason"]) == ("defect", None, "发动机故障")
    shown = await suggest(office, order["requests"][0])
    first = shown["candidates"][0]
    assert first["vehicle"]["id"] == vehicle(office, "a2")
    # Whoever drove it may drive another.
    request = ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))
    again = ok(await office.assign(request, "a2", "a1", reason="换车继续"), 201)
    assert again["driver"]["id"] == driver(office, "a1")
