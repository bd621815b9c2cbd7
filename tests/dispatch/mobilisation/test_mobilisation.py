"""A mobilisation: signed, ordered under without approval, entered afterwards, signed off."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from audit.explained import Kind
from audit.mobilised_days import mark_mobilised_days
from audit.tables import ExplainedDay
from dispatch.explaining import explanations
from dispatch.tables import Mobilisation, Promise
from fleet.tables import Vehicle
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD
from tracking.tables import ChangedDay

HERE = {"name": "指挥部", "latitude": LATITUDE, "longitude": LONGITUDE}
THERE = {"name": "堤防", "latitude": LATITUDE + 0.05, "longitude": LONGITUDE}


def call_up(office: Office, top: str = "bureau", **changes: object) -> Json:
    return {
        "organisation_id": str(office.world.organisations[top].id),
        "level": 2,
        "name": "防汛应急响应",
        "basis": "市防指〔2026〕3号",
        "statement": "同意启动应急调用",
        "password": PASSWORD,
        **changes,
    }


async def mobilised(office: Office, top: str = "bureau") -> str:
    made = ok(await office.post("authority", "/mobilisations", call_up(office, top)), 201)
    return f"/mobilisations/{made['id']}"


def ride(
    office: Office, vehicle: str | None = None, driver: str | None = None, **more: object
) -> Json:
    world = office.world
    return {
        "passengers": 3,
        "purpose_text": "运送抢险人员",
        "origin": HERE,
        "destination": THERE,
        "end": (utc_now() + timedelta(hours=3)).isoformat(),
        "vehicle_id": str(world.vehicles[vehicle].id) if vehicle else None,
        "driver_id": str(world.drivers[driver].id) if driver else None,
        **more,
    }


def drive(office: Office, vehicle: str, driver: str, departed_at: datetime, **more: object) -> Json:
    told = ride(office, vehicle, driver)
    told.pop("end")
    return {**told, "departed_at": departed_at.isoformat(), **more}


async def began(office: Office, path: str, ago: timedelta) -> None:
    """Let a mobilisation have been signed so long ago."""
    id = UUID(path.rsplit("/", 1)[-1])
    async with transaction(office.sessions) as session:
        since = Range(utc_now() - ago, None, bounds="[)")
        await session.execute(
            update(Mobilisation).where(Mobilisation.id == id).values(period=since)
        )


async def test_a_mobilisation_is_signed_by_who_may_and_is_there_and_calls_up_every_holding(
    office: Office,
) -> None:
    problem(await office.post("dispatcher", "/mobilisations", call_up(office)), "forbidden", 403)
    wrong = call_up(office, password="not-the-password")
    problem(await office.post("authority", "/mobilisations", wrong), "wrong-password", 403)
    missing = call_up(office, password=None)
    problem(await office.post("authority", "/mobilisations", missing), "wrong-password", 403)
    assert ok(await office.get("authority", "/mobilisations"))["items"] == []
    made = ok(await office.post("authority", "/mobilisations", call_up(office)), 201)
    assert made["vehicles"] == {"retained": 6, "pool": 2, "rental": 0}
    assert (made["units"], made["level"], made["end"]) == (3, 2, None)
    assert made["started"]["by"]["name"] == "主管部门审批人"
    assert (made["started"]["proof"], made["ended"]) == ("password", None)
    again = await office.post("authority", "/mobilisations", call_up(office))
    problem(again, "already-mobilised", 409)
    # Its units learn of it, and of their own vehicles.
    vehicles = ok(await office.get("clerk_a", f"/mobilisations/{made['id']}/vehicles"))["items"]
    assert {one["unit"]["name"] for one in vehicles} == {"甲局"}
    assert len(vehicles) == 3


async def test_rides_are_ordered_at_once_without_approval_and_break_every_seal(
    office: Office,
) -> None:
    now = utc_now()
    sealing = {
        "name": "国庆封存",
        "basis": "通知〔2026〕1",
        "organisation_id": str(office.world.organisations["a"].id),
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(days=2)).isoformat(),
    }
    ok(await office.post("authority", "/sealings", sealing), 201)
    path = await mobilised(office)
    body: Json = {"rides": [ride(office, count=6)]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert answer["refused"] == []
    orders = answer["orders"]
    assert len({one["vehicle"]["plate"] for one in orders}) == 6
    assert len({one["driver"]["id"] for one in orders}) == 6
    numbers = [int(re.sub(r"\D", "", one["slip"][5:])) for one in orders]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    slip = ok(
        await office.get("dispatcher", f"/orders/{orders[0]['order_id']}/slip", format="json")
    )
    approvals = next(item["text"] for item in slip["items"] if item["key"] == "approvals")
    assert "应急调用 主管部门审批人" in approvals
    # Nobody is left for a seventh; what can't be ordered takes nothing with it.
    body = {"rides": [ride(office), ride(office, "a1", "a1")]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert answer["orders"] == []
    assert [one["index"] for one in answer["refused"]] == [0, 1]
    # An ordinary ride still finds a sealed vehicle sealed.
    request = await office.approved(
        start=(now + timedelta(hours=5)).isoformat(), end=(now + timedelta(hours=6)).isoformat()
    )
    problem(await office.assign(request, "a3", "a1"), "vehicle-sealed", 409)


async def test_an_emergency_recalls_a_vehicle_from_a_ride_that_has_not_departed(
    office: Office,
) -> None:
    ordinary = await office.assigned("a1", "a1", hours=2)
    request = ordinary["requests"][0]["id"]
    path = await mobilised(office)
    wanted = [ride(office, "a1", "a1")]
    answer = ok(await office.post("dispatcher", f"{path}/orders", {"rides": wanted}), 201)
    assert [one["type"] for one in answer["refused"]] == ["/problems/vehicle-busy"]
    body = {"rides": wanted, "recall": True}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert len(answer["orders"]) == 1
    waits = ok(await office.get("dispatcher", f"/requests/{request}"))
    assert (waits["state"], waits["promised_pickup_at"]) == ("awaiting_dispatch", None)
    assert "防汛应急响应" in waits["state_reason"]
    async with transaction(office.sessions) as session:
        told = await session.scalars(select(Promise.reason).where(Promise.pickup_at.is_(None)))
        assert ["防汛应急响应" in str(reason) for reason in told] == [True]
    # One emergency takes nothing from another.
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert [one["type"] for one in answer["refused"]] == ["/problems/vehicle-busy"]


async def test_after_its_end_nothing_is_ordered_under_it_and_open_orders_are_finished(
    office: Office,
) -> None:
    path = await mobilised(office)
    body = {"rides": [ride(office, "a1", "a1")]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    signed: Json = {"statement": "险情解除，终止应急调用", "password": "not-the-password"}
    problem(await office.post("authority", f"{path}/end", signed), "wrong-password", 403)
    problem(
        await office.post("dispatcher", f"{path}/end", {**signed, "password": PASSWORD}),
        "forbidden",
        403,
    )
    signed["password"] = PASSWORD
    ended = ok(await office.post("authority", f"{path}/end", signed))
    assert (ended["orders"], ended["open_orders"]) == (1, 1)
    assert ended["ended"]["statement"] == "险情解除，终止应急调用"
    problem(await office.post("authority", f"{path}/end", signed), "mobilisation-ended", 409)
    body = {"rides": [ride(office, "a2", "a2")]}
    problem(await office.post("dispatcher", f"{path}/orders", body), "mobilisation-ended", 409)
    order = {"id": answer["orders"][0]["order_id"]}
    assert (await office.drive(order, "driver_a1"))["state"] == "returned"
    assert ok(await office.get("authority", path))["open_orders"] == 0
    # The next one may begin.
    await mobilised(office)


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
        body: Json = {"drives": list(drives)}
        answer = ok(await office.post("dispatcher", f"{path}/back-entries", body), 201)
        return [one["type"].rsplit("/", 1)[-1] for one in answer["refused"]]

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


async def test_what_was_called_up_stays_as_it_was_when_it_was_signed_off(office: Office) -> None:
    path = await mobilised(office)
    signed: Json = {"statement": "险情解除，终止应急调用", "password": PASSWORD}
    ended = ok(await office.post("authority", f"{path}/end", signed))
    listed = ok(await office.get("authority", f"{path}/vehicles"))
    async with transaction(office.sessions) as session:
        vehicle = await session.get_one(Vehicle, office.world.vehicles["a2"].no)
        vehicle.withdrawn_at = utc_now()
    assert ok(await office.get("authority", path))["vehicles"] == ended["vehicles"]
    assert ok(await office.get("authority", f"{path}/vehicles")) == listed
    # What is in force calls up what is there.
    assert ok(await office.get("authority", await mobilised(office)))["vehicles"]["retained"] == 5


async def test_a_mobilisation_explains_what_is_driven_until_its_back_entries_are_due(
    office: Office,
) -> None:
    path = await mobilised(office, "a")
    day = shanghai_day(utc_now())
    noon = day_start(day) + timedelta(hours=12)
    since = day_start(day) + timedelta(hours=1)
    id = UUID(path.rsplit("/", 1)[-1])
    vehicles = office.world.vehicles
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Mobilisation)
            .where(Mobilisation.id == id)
            .values(period=Range(since, None, bounds="[)"))
        )

        async def kinds(vehicle: str, now: datetime | None) -> list[tuple[str, datetime]]:
            told = await explanations(
                session,
                vehicles[vehicle].no,
                day_start(day),
                day_start(day + timedelta(days=1)),
                now,
            )
            return [(one.kind, one.start) for one in told if one.source_id == id]

        last = day_start(day + timedelta(days=2)) - timedelta(seconds=1)
        assert await kinds("a1", noon) == [(Kind.FILED, since)]
        assert await kinds("a1", last) == [(Kind.FILED, since)]
        assert await kinds("a1", last + timedelta(seconds=1)) == []
        assert await kinds("a1", None) == []
        assert await kinds("b1", noon) == []
        nothing = {"service_m": 0, "filed_m": 600, "unexplained_m": 0, "ordered_m": 0}
        for vehicle in ("a1", "b1"):
            unit = office.world.organisations[vehicle[0]]
            session.add(
                ExplainedDay(
                    vehicle_no=vehicles[vehicle].no,
                    organisation_no=unit.no,
                    day=day,
                    driven_m=600,
                    parts=[],
                    **nothing,
                )
            )
    assert await mark_mobilised_days(office.sessions, last) == 0
    assert await mark_mobilised_days(office.sessions, last + timedelta(seconds=1)) == 1
    assert await mark_mobilised_days(office.sessions, last + timedelta(seconds=2)) == 0
    async with transaction(office.sessions) as session:
        rows = await session.execute(
            select(ChangedDay.vehicle_no, ChangedDay.day).where(ChangedDay.cause == "mobilisation")
        )
        assert [tuple(row) for row in rows] == [(vehicles["a1"].no, day)]
