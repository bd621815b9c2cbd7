"""A ride from the request to the archive, over HTTP on a real database."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from fleet.tables import JournalEntry, PersonRole, Vehicle
from fleet.words import Role
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.office import Office, instant, ok, problem, wish
from tracking.tables import ChangedDay


async def test_ride_is_asked_approved_assigned_driven_confirmed_and_archived(
    office: Office,
) -> None:
    request = await office.ask()
    assert (request["state"], request["order"]) == ("unit_review", None)
    request = await office.approve(request)
    assert request["state"] == "awaiting_dispatch"
    order = ok(await office.assign(request, "a1", "a1", reason="就近"), 201)
    assert order["state"] == "assigned"
    year = shanghai_day(utc_now()).year
    assert order["slip"]["number_text"] == f"派〔{year}〕0001号"
    order = await office.drive(order)
    assert (order["odometer_out_m"], order["odometer_in_m"]) == (52_000_000, 52_034_600)
    order = ok(await office.step("applicant_a", order, "confirm"))
    assert order["state"] == "confirming"
    assert ok(await office.step("dispatcher", order, "accept_back"))["state"] == "archived"

    detail = ok(await office.get("applicant_a", f"/requests/{request['id']}"))
    assert detail["state"] == "archived"
    assert [step["to_state"] for step in detail["steps"]] == [
        "unit_review",
        "awaiting_dispatch",
        "assigned",
        "accepted",
        "departed",
        "arrived",
        "returning",
        "returned",
        "confirming",
        "archived",
    ]
    assert detail["order"]["vehicle"]["plate"] == office.world.vehicles["a1"].plate


async def test_every_step_stands_in_the_journal_with_its_actor(office: Office) -> None:
    order = await office.drive(await office.assigned())
    async with office.sessions() as session:
        entries = (
            await session.execute(
                select(JournalEntry.action, JournalEntry.actor_name)
                .where(JournalEntry.object_kind.in_(["request", "order"]))
                .order_by(JournalEntry.no)
            )
        ).all()
    assert [tuple(entry) for entry in entries] == [
        ("request.create", "applicant_a"),
        ("request.approve", "approver_a"),
        ("order.assign", "dispatcher"),
        *((f"order.{step['action']}", "driver_a1") for step in order["steps"][1:]),
    ]


async def test_departure_and_return_have_their_days_settled_anew(office: Office) -> None:
    await office.drive(await office.assigned())
    async with office.sessions() as session:
        causes = (await session.scalars(select(ChangedDay.cause))).all()
    assert set(causes) == {"order.depart", "order.return"}


async def test_applicant_who_is_an_approver_never_approves_their_own(office: Office) -> None:
    request = await office.ask("approver_a")
    assert "approve" not in request["actions"]
    path = f"/requests/{request['id']}/approve"
    answer = await office.post("approver_a", path, {"revision": request["revision"]})
    problem(answer, "own-approval", 403)


async def test_passenger_who_is_an_approver_never_approves_their_own(office: Office) -> None:
    passenger = str(office.world.people["approver_a"].id)
    request = await office.ask(passenger_id=passenger)
    path = f"/requests/{request['id']}/approve"
    answer = await office.post("approver_a", path, {"revision": request["revision"]})
    problem(answer, "own-approval", 403)


async def test_deputy_never_approves_the_ride_of_who_lent_them_the_role(office: Office) -> None:
    world = office.world
    lent = {
        "deputy_id": str(world.people["clerk_a"].id),
        "role": "unit_approver",
        "organisation_id": str(world.organisations["a"].id),
        "end": (utc_now() + timedelta(days=1)).isoformat(),
        "reason": "出差",
    }
    ok(await office.post("approver_a", "/delegations", lent), 201)
    givers = str(world.people["approver_a"].id)
    for request in (await office.ask("approver_a"), await office.ask(passenger_id=givers)):
        path, body = f"/requests/{request['id']}", {"revision": request["revision"]}
        assert "approve" not in ok(await office.get("clerk_a", path))["actions"]
        for action in ("approve", "reject"):
            answer = await office.post("clerk_a", f"{path}/{action}", {**body, "reason": "代理"})
            problem(answer, "own-approval", 403)
    # The giver's power serves for others' rides, and another one's for the giver's.
    await office.approve(await office.ask(), "clerk_a")
    await hold(office, "applicant_a")
    ok(await office.post("applicant_a", "/delegations", lent), 201)
    ridden = await office.ask("approver_a")
    await office.approve(ridden, "clerk_a")
    own = await office.ask(passenger_id=givers)
    body = {"revision": own["revision"]}
    answer = await office.post("clerk_a", f"/requests/{own['id']}/approve", body)
    problem(answer, "own-approval", 403)
    await hold(office, "clerk_a")
    await office.approve(own, "clerk_a")


async def hold(office: Office, username: str) -> None:
    """Make somebody an approver of unit A by themselves."""
    async with transaction(office.sessions) as session:
        session.add(
            PersonRole(
                person_no=office.world.people[username].no,
                organisation_no=office.world.organisations["a"].no,
                role=Role.UNIT_APPROVER,
                period=Range(office.world.since, None, bounds="[)"),
            )
        )


async def test_approver_of_another_unit_does_not_find_the_request(office: Office) -> None:
    request = await office.ask()
    path = f"/requests/{request['id']}/approve"
    problem(
        await office.post("approver_b", path, {"revision": request["revision"]}), "not-found", 404
    )
    problem(await office.get("approver_b", f"/requests/{request['id']}"), "not-found", 404)


async def test_action_from_a_stale_page_is_refused_with_what_changed(office: Office) -> None:
    stale = await office.ask()
    await office.approve(stale)
    answer = await office.post(
        "applicant_a", f"/requests/{stale['id']}/withdraw", {"revision": stale["revision"]}
    )
    assert problem(answer, "stale-revision", 409)["state"] == "awaiting_dispatch"


async def test_sending_back_needs_a_reason_and_may_be_submitted_again(office: Office) -> None:
    request = await office.ask()
    path = f"/requests/{request['id']}/send_back"
    body = {"revision": request["revision"]}
    problem(await office.post("approver_a", path, body), "reason-needed", 422)
    request = ok(await office.post("approver_a", path, body | {"reason": "请补充事由"}))
    assert (request["state"], request["state_reason"]) == ("sent_back", "请补充事由")
    path = f"/requests/{request['id']}/submit"
    request = ok(await office.post("applicant_a", path, {"revision": request["revision"]}))
    assert request["state"] == "unit_review"


async def test_request_of_an_empty_or_past_period_is_refused(office: Office) -> None:
    answer = await office.post("applicant_a", "/requests", wish(hours=0))
    problem(answer, "empty-period", 422)
    answer = await office.post("applicant_a", "/requests", wish(start_in=timedelta(hours=-3)))
    problem(answer, "period-in-the-past", 422)


async def test_vehicle_and_driver_are_never_promised_twice(office: Office) -> None:
    await office.assigned("a1", "a1")
    request = await office.approved()
    problem(await office.assign(request, "a1", "a2"), "vehicle-busy", 409)
    problem(await office.assign(request, "a2", "a1"), "driver-busy", 409)
    assert ok(await office.assign(request, "a2", "a2"), 201)["state"] == "assigned"


async def test_vehicle_is_free_again_once_it_has_returned_or_been_cancelled(
    office: Office,
) -> None:
    await office.drive(await office.assigned("a1", "a1"))
    order = await office.assigned("a1", "a1")
    ok(await office.step("dispatcher", order, "cancel", reason="会议取消"))
    assert (await office.assigned("a1", "a1"))["state"] == "assigned"


async def test_more_passengers_than_seats_are_refused(office: Office) -> None:
    async with transaction(office.sessions) as session:
        # One elsewhere under the bureau takes them: else nobody could ask for such a ride.
        large = office.world.vehicles["pool1"].no
        await session.execute(update(Vehicle).where(Vehicle.no == large).values(seats=9))
    request = await office.approved(passengers=5)
    assert (
        problem(await office.assign(request, "a1", "a1"), "too-many-passengers", 422)["seats"] == 5
    )


async def test_cancelled_order_voids_its_slip_and_the_number_is_kept(office: Office) -> None:
    order = await office.assigned()
    request = ok(await office.get("applicant_a", f"/requests/{order['requests'][0]['id']}"))
    path = f"/requests/{request['id']}/cancel"
    body = {"revision": request["revision"], "reason": "行程取消"}
    assert ok(await office.post("applicant_a", path, body))["state"] == "cancelled"
    order = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert order["state"] == "cancelled"
    assert order["slip"]["void_at"] is not None
    following = await office.assigned()
    assert following["slip"]["number_text"].endswith("0002号")
    page = (await office.get("dispatcher", f"/orders/{order['id']}/slip")).text
    assert "作废" in page
    assert "行程取消" in page


async def test_driver_takes_only_steps_of_own_orders(office: Office) -> None:
    order = await office.assigned("a1", "a1")
    problem(await office.step("driver_a2", order, "accept"), "not-found", 404)
    problem(await office.step("dispatcher", order, "accept"), "step-not-yours", 403)
    mine = ok(await office.get("driver_a1", "/orders", mine=True))
    assert [o["id"] for o in mine["items"]] == [order["id"]]
    assert mine["items"][0]["actions"] == ["accept"]
    assert ok(await office.get("driver_a2", "/orders", mine=True))["items"] == []


async def test_no_step_is_skipped(office: Office) -> None:
    order = await office.assigned()
    answer = await office.step("driver_a1", order, "depart", odometer_m=1)
    assert problem(answer, "step-not-allowed", 409)["actions"] == ["accept"]


async def test_departure_needs_the_odometer_and_the_return_a_greater_one(office: Office) -> None:
    order = await office.drive(await office.assigned(), until="accept")
    problem(await office.step("driver_a1", order, "depart"), "odometer-needed", 422)
    ok(await office.step("driver_a1", order, "depart", odometer_m=1000))
    ok(await office.step("driver_a1", order, "arrive"))
    ok(await office.step("driver_a1", order, "start_return"))
    answer = await office.step("driver_a1", order, "return", odometer_m=999)
    problem(answer, "odometer-backwards", 422)


async def test_offline_tap_counts_at_its_own_time_and_once(office: Office) -> None:
    order = await office.drive(await office.assigned(), until="accept")
    tapped_at = order["steps"][-1]["at"]
    tap = {"odometer_m": 1000, "tapped_at": tapped_at}
    order = ok(await office.step("driver_a1", order, "depart", **tap))
    again = ok(await office.step("driver_a1", order, "depart", **tap))
    assert again["revision"] == order["revision"]
    assert instant(order["departed_at"]) == instant(tapped_at)


async def test_tap_in_the_future_or_before_the_step_before_is_refused(office: Office) -> None:
    order = await office.assigned()
    late = (utc_now() + timedelta(minutes=5)).isoformat()
    early = (utc_now() - timedelta(minutes=5)).isoformat()
    answer = await office.step("driver_a1", order, "accept", tapped_at=late)
    problem(answer, "tap-in-the-future", 422)
    answer = await office.step("driver_a1", order, "accept", tapped_at=early)
    problem(answer, "tap-before-previous-step", 422)


async def test_slip_prints_nineteen_items_and_escapes_what_people_wrote(office: Office) -> None:
    order = await office.drive(await office.assigned(purpose_text="<script>alert(1)</script>"))
    content = ok(await office.get("driver_a1", f"/orders/{order['id']}/slip", format="json"))
    items = {item["key"]: item["text"] for item in content["items"]}
    assert len(content["items"]) == 19
    assert items["route_planned"] == "甲局 → 会议中心 → 甲局"
    assert items["distance"] == "34.6 公里"
    page = await office.get("driver_a1", f"/orders/{order['id']}/slip")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert "http" not in page.text


async def test_own_request_is_listed_and_paged_newest_first(office: Office) -> None:
    ids = [(await office.ask())["id"] for _ in range(3)]
    first = ok(await office.get("applicant_a", "/requests", mine=True, limit=2))
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    rest = ok(
        await office.get(
            "applicant_a", "/requests", mine=True, limit=2, cursor=first["next_cursor"]
        )
    )
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([ids[0]], None)
    assert ok(await office.get("applicant_b", "/requests"))["items"] == []
