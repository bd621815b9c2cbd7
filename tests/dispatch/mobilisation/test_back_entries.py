"""Drives that began without an order, entered afterwards (补单)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.explaining import explanations
from dispatch.tables import Mobilisation, Order, OrderStep
from fleet.tables import VehicleUnit
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.mobilisation.calls import began, drive, entered, mobilised, ride
from tests.dispatch.office import Json, Office, instant, ok
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD


async def test_drives_are_entered_afterwards_at_their_own_times_and_late_ones_stay_marked(
    office: Office,
) -> None:
    path, now = await mobilised(office), utc_now()
    await began(office, path, timedelta(hours=40))
    # What was driven may touch what is promised since: that is history, and holds nobody.
    start = (now - timedelta(minutes=10)).isoformat()
    ordered = [ride(office, "a2", "a2", start=start), ride(office, "b2", "b2")]
    answer = ok(await office.post("dispatcher", f"{path}/orders", {"rides": ordered}), 201)
    assert answer["refused"] == []
    early, late = now - timedelta(hours=3), now - timedelta(hours=30)
    drives = [
        drive(
            office,
            "a1",
            "a1",
            early,
            returned_at=(early + timedelta(hours=1)).isoformat(),
            odometer_out_m=10_000,
            odometer_in_m=52_000,
        ),
        drive(office, "a2", "a2", late, returned_at=now.isoformat()),
        drive(office, "a1", "a1", early + timedelta(hours=1)),
        drive(office, "a1", "a1", now + timedelta(hours=1)),
        drive(office, "b1", "b1", now - timedelta(hours=41)),
        drive(office, "b1", "b1", early, returned_at=(early - timedelta(hours=1)).isoformat()),
    ]
    answer = ok(await office.post("dispatcher", f"{path}/back-entries", {"drives": drives}), 201)
    assert [(one["index"], one["type"].rsplit("/", 1)[-1]) for one in answer["refused"]] == [
        (3, "not-driven-yet"),
        (4, "driven-outside-mobilisation"),
        (5, "return-before-departure"),
    ]
    by_start = sorted(answer["orders"], key=lambda one: str(one["start"]))
    assert [(one["state"], one["overdue"]) for one in by_start] == [
        ("returned", True),
        ("returned", False),
        ("departed", False),
    ]
    order = ok(await office.get("dispatcher", f"/orders/{by_start[1]['order_id']}"))
    assert instant(order["departed_at"]) == early
    assert instant(order["returned_at"]) == early + timedelta(hours=1)
    assert (order["odometer_out_m"], order["odometer_in_m"]) == (10_000, 52_000)
    assert order["requests"][0]["purpose"] == "emergency"
    request = ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))
    assert request["state"] == "returned"
    counts = ok(await office.get("authority", path))
    assert (counts["orders"], counts["back_entries"], counts["overdue"]) == (5, 3, 1)
    listed = ok(await office.get("supervisor", f"{path}/orders", limit=2))
    assert len(listed["items"]) == 2
    assert listed["next_cursor"]
    async with transaction(office.sessions) as session:
        vehicle_no = office.world.vehicles["a1"].no
        found = await explanations(session, vehicle_no, early, early + timedelta(minutes=50))
        assert [str(one.source_id) for one in found] == [order["id"]]


async def test_a_drive_is_entered_once_and_nobody_drives_two_at_a_time(office: Office) -> None:
    now = utc_now()
    ordinary = await office.drive(await office.assigned("b1", "b1"), "driver_b1")
    path = await mobilised(office)
    await began(office, path, timedelta(hours=10))
    since, until = now - timedelta(hours=4), now - timedelta(hours=3)
    back = {"returned_at": until.isoformat()}
    during = instant(ordinary["departed_at"]) - timedelta(minutes=5)

    async def enter(*drives: Json) -> list[str]:
        return await entered(office, path, *drives)

    again = [drive(office, "a1", "a1", since, **back)] * 2
    assert await enter(*again) == ["driven-meanwhile"]
    half_later = since + timedelta(minutes=30)
    returned = {"returned_at": (until + timedelta(minutes=30)).isoformat()}
    for vehicle, driver in (("a1", "a1"), ("a2", "a1"), ("a1", "a2")):
        twice = drive(office, vehicle, driver, half_later, **returned)
        assert await enter(twice) == ["driven-meanwhile"], (vehicle, driver)
    late = {"returned_at": utc_now().isoformat()}
    assert await enter(drive(office, "b1", "b2", during, **late)) == ["driven-meanwhile"]
    assert await enter(drive(office, "a1", "a1", until, **returned)) == []
    assert await enter(drive(office, "a2", "a2", since, **back)) == []


async def test_a_drive_that_returns_a_day_after_the_end_explains_nothing(office: Office) -> None:
    path, now = await mobilised(office), utc_now()
    signed: Json = {"statement": "险情解除，终止应急调用", "password": PASSWORD}
    ok(await office.post("authority", f"{path}/end", signed))
    id = UUID(path.rsplit("/", 1)[-1])
    since = now - timedelta(days=3)
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Mobilisation)
            .where(Mobilisation.id == id)
            .values(period=Range(since, since + timedelta(minutes=10), bounds="[)"))
        )
    latest = since + timedelta(minutes=10, hours=24)
    departed = since + timedelta(minutes=5)
    drives = [
        drive(
            office, "a1", "a1", departed, returned_at=(latest + timedelta(seconds=1)).isoformat()
        ),
        drive(office, "a2", "a2", departed, returned_at=latest.isoformat()),
    ]
    answer = ok(await office.post("dispatcher", f"{path}/back-entries", {"drives": drives}), 201)
    assert [(one["index"], one["type"]) for one in answer["refused"]] == [
        (0, "/problems/returned-too-late")
    ]
    assert len(answer["orders"]) == 1


async def test_a_drive_that_no_car_can_have_driven_is_not_entered(office: Office) -> None:
    path, now = await mobilised(office), utc_now()
    await began(office, path, timedelta(hours=10))
    far = {"name": "邻市", "latitude": LATITUDE + 1.0, "longitude": LONGITUDE}
    since = now - timedelta(hours=3)
    # 111 km in a straight line: 55.6 min at 120 km/h, one way.
    short, enough = ((since + timedelta(minutes=n)).isoformat() for n in (55, 56))
    drives = [
        drive(office, "a1", "a1", since, destination=far, returned_at=short),
        drive(office, "a2", "a2", since, destination=far, returned_at=enough),
    ]
    answer = ok(await office.post("dispatcher", f"{path}/back-entries", {"drives": drives}), 201)
    assert [(one["index"], one["type"]) for one in answer["refused"]] == [
        (0, "/problems/ride-too-short")
    ]
    assert len(answer["orders"]) == 1


async def test_who_broke_off_drives_another_vehicle_from_then_on(office: Office) -> None:
    now = utc_now()
    order = await office.assigned("b1", "b1", hours=8)
    order = await office.drive(order, "driver_b1", until="depart")
    departed, broke_off = now - timedelta(hours=5), now - timedelta(hours=4)
    planned = Range(departed, now + timedelta(hours=3), bounds="[)")
    async with transaction(office.sessions) as session:
        id = UUID(order["id"])
        past = update(Order).where(Order.id == id)
        await session.execute(past.values(departed_at=departed, period=planned))
        steps = update(OrderStep).where(OrderStep.order_id == id)
        await session.execute(steps.values(tapped_at=departed))
    tap = {"reason": "道路中断", "tapped_at": broke_off.isoformat()}
    ok(await office.step("driver_b1", order, "interrupt", **tap))
    path = await mobilised(office)
    await began(office, path, timedelta(hours=10))
    back = {"returned_at": (now - timedelta(hours=2)).isoformat()}
    before = drive(office, "b2", "b1", broke_off - timedelta(minutes=5), **back)
    assert await entered(office, path, before) == ["driven-meanwhile"]
    assert await entered(office, path, drive(office, "b2", "b1", broke_off, **back)) == []


async def test_a_drive_is_judged_by_the_unit_of_its_time(office: Office) -> None:
    """Called up and driven before the vehicle moved is entered; driven elsewhere before, not."""
    now = utc_now()
    path = await mobilised(office, "a")
    await began(office, path, timedelta(hours=10))
    await moved(office, "a1", "b", now - timedelta(hours=1))
    await moved(office, "b1", "a", now - timedelta(hours=1))
    since, back = now - timedelta(hours=3), (now - timedelta(hours=2)).isoformat()
    of_a = drive(office, "a1", "a1", since, returned_at=back)
    assert await entered(office, path, of_a) == []
    of_b = drive(office, "b1", "a2", since, returned_at=back)
    assert await entered(office, path, of_b) == ["not-called-up"]
    later = drive(office, "b1", "a2", now - timedelta(minutes=50), returned_at=now.isoformat())
    assert await entered(office, path, later) == []


async def moved(office: Office, vehicle: str, unit: str, at: datetime) -> None:
    """Let a unit have used a vehicle from then on."""
    no = office.world.vehicles[vehicle].no
    async with transaction(office.sessions) as session:
        use = (await session.scalars(select(VehicleUnit).where(VehicleUnit.vehicle_no == no))).one()
        use.period = Range(use.period.lower, at, bounds="[)")
        await session.flush()
        session.add(
            VehicleUnit(
                vehicle_no=no,
                organisation_no=office.world.organisations[unit].no,
                base_no=use.base_no,
                period=Range(at, None, bounds="[)"),
            )
        )
