"""What explains kilometres: rides, service orders, filings."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from dispatch.explaining import MARGIN, Explanation, explanations
from dispatch.filings import service as filings
from dispatch.filings.schemas import FilingIn
from fleet.access import Actor, Grant
from fleet.tables import PersonRole
from fleet.words import Role
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem, wish
from tracking.tables import ChangedDay


async def explained(office: Office, vehicle: str) -> list[Explanation]:
    now = utc_now()
    async with office.sessions() as session:
        return await explanations(
            session,
            office.world.vehicles[vehicle].no,
            now - timedelta(days=2),
            now + timedelta(days=2),
        )


def service_wish(office: Office, vehicle: str = "a1", driver: str = "a1") -> Json:
    times = wish()
    return {
        "kind": "service",
        "service_kind": "fuel",
        "vehicle_id": str(office.world.vehicles[vehicle].id),
        "driver_id": str(office.world.drivers[driver].id),
        "start": times["start"],
        "end": times["end"],
        "reason": "加油",
    }


def filing_wish(office: Office, start: datetime, end: datetime) -> Json:
    return {
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "kind": "night_away",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "reason": "外地会议，次日返回",
        "place_name": "邻市",
    }


def actor(office: Office, username: str, role: Role) -> Actor:
    """Somebody of unit A, for a use case that is told when "now" was."""
    person, unit = office.world.people[username], office.world.organisations["a"].no
    grant = Grant(role, unit, frozenset({unit}))
    return Actor(person.no, person.id, person.username, person.name, (grant,))


async def test_returned_order_explains_from_tap_to_tap_with_a_margin(office: Office) -> None:
    assigned = await office.assigned()
    assert await explained(office, "a1") == []
    order = await office.drive(assigned)
    (one,) = await explained(office, "a1")
    assert (one.kind, str(one.source_id)) == ("ordered", order["id"])
    assert one.start == instant(order["departed_at"]) - MARGIN
    assert one.end == instant(order["returned_at"]) + MARGIN


async def test_order_under_way_explains_until_a_day_beyond_its_promised_end(
    office: Office,
) -> None:
    order = await office.drive(await office.assigned(), until="depart")
    (one,) = await explained(office, "a1")
    assert one.end == instant(order["period"]["end"]) + timedelta(days=1)


async def test_interrupted_order_explains_until_its_interruption(office: Office) -> None:
    order = await office.drive(await office.assigned(), until="depart")
    answer = await office.step("driver_a1", order, "interrupt", reason="车辆故障")
    order = ok(answer)
    (one,) = await explained(office, "a1")
    assert one.end == instant(order["steps"][-1]["at"]) + MARGIN


async def test_explanations_are_cut_to_the_period_asked_for(office: Office) -> None:
    order = await office.drive(await office.assigned())
    departed = instant(order["departed_at"])
    async with office.sessions() as session:
        no = office.world.vehicles["a1"].no
        (one,) = await explanations(session, no, departed, departed + timedelta(seconds=1))
    assert (one.start, one.end) == (departed, departed + timedelta(seconds=1))


async def test_service_order_has_a_slip_is_driven_and_explains_as_service(office: Office) -> None:
    order = ok(await office.post("manager", "/orders", service_wish(office)), 201)
    assert (order["kind"], order["state"], order["requests"]) == ("service", "assigned", [])
    assert order["slip"]["number_text"].endswith("0001号")
    content = ok(await office.get("manager", f"/orders/{order['id']}/slip", format="json"))
    assert {i["key"]: i["text"] for i in content["items"]}["purpose"] == ("车务派车 · 加油：加油")
    order = await office.drive(order)
    (one,) = await explained(office, "a1")
    assert one.kind == "service"
    assert ok(await office.step("dispatcher", order, "accept_back"))["state"] == "archived"


async def test_service_order_of_a_promised_vehicle_is_refused(office: Office) -> None:
    await office.assigned("a1", "a1")
    answer = await office.post("dispatcher", "/orders", service_wish(office, "a1", "a2"))
    problem(answer, "vehicle-busy", 409)


async def test_unit_clerk_issues_no_service_order(office: Office) -> None:
    problem(await office.post("clerk_a", "/orders", service_wish(office)), "forbidden", 403)


async def test_filing_explains_once_accepted_and_no_more_when_withdrawn(office: Office) -> None:
    start = utc_now() - timedelta(hours=3)
    filing = ok(
        await office.post(
            "clerk_a", "/filings", filing_wish(office, start, start + timedelta(hours=8))
        ),
        201,
    )
    assert (filing["state"], await explained(office, "a1")) == ("filed", [])
    path = f"/filings/{filing['id']}"
    assert ok(await office.post("approver_a", f"{path}/accept"))["state"] == "accepted"
    (one,) = await explained(office, "a1")
    assert (one.kind, one.end, one.place) == ("filed", instant(filing["period"]["end"]), "邻市")
    problem(await office.post("approver_a", f"{path}/accept"), "filing-settled", 409)
    assert ok(await office.post("clerk_a", f"{path}/withdraw"))["state"] == "withdrawn"
    assert await explained(office, "a1") == []
    async with office.sessions() as session:
        causes = (await session.scalars(select(ChangedDay.cause))).all()
    assert len(causes) >= 2


async def test_filing_of_another_unit_is_neither_listed_nor_accepted(office: Office) -> None:
    start = utc_now() + timedelta(hours=1)
    body = filing_wish(office, start, start + timedelta(hours=8))
    filing = ok(await office.post("clerk_a", "/filings", body), 201)
    problem(await office.post("clerk_b", "/filings", body), "not-found", 404)
    problem(await office.post("approver_b", f"/filings/{filing['id']}/accept"), "not-found", 404)
    assert ok(await office.get("approver_b", "/filings"))["items"] == []
    assert len(ok(await office.get("approver_a", "/filings"))["items"]) == 1


async def test_filing_explains_nothing_that_was_driven_before_its_acceptance(
    office: Office,
) -> None:
    now = utc_now()
    body = filing_wish(office, now - timedelta(hours=20), now + timedelta(hours=8))
    filing = ok(await office.post("clerk_a", "/filings", body), 201)
    accepted = ok(await office.post("approver_a", f"/filings/{filing['id']}/accept"))
    (one,) = await explained(office, "a1")
    assert one.start == instant(accepted["accepted_at"]) >= now
    async with office.sessions() as session:
        no = office.world.vehicles["a1"].no
        assert await explanations(session, no, now - timedelta(days=2), now) == []


async def test_filing_accepted_in_advance_explains_its_whole_period(office: Office) -> None:
    start = utc_now() + timedelta(hours=1)
    body = filing_wish(office, start, start + timedelta(hours=8))
    filing = ok(await office.post("clerk_a", "/filings", body), 201)
    ok(await office.post("approver_a", f"/filings/{filing['id']}/accept"))
    (one,) = await explained(office, "a1")
    assert (one.start, one.end) == (start, start + timedelta(hours=8))


async def test_filing_accepted_after_its_period_explains_nothing(office: Office) -> None:
    now, hour = utc_now(), timedelta(hours=1)
    asked = FilingIn.model_validate(filing_wish(office, now - 9 * hour, now - hour))
    clerk = actor(office, "clerk_a", Role.UNIT_CLERK)
    approver = actor(office, "approver_a", Role.UNIT_APPROVER)
    async with transaction(office.sessions) as session:
        filed = await filings.file(session, clerk, asked, now - 10 * hour, None)
        await filings.accept(session, approver, filed.id, now, None)
    assert await explained(office, "a1") == []


async def test_filing_of_a_period_that_has_ended_is_refused(office: Office) -> None:
    now = utc_now()
    body = filing_wish(office, now - timedelta(days=1), now - timedelta(seconds=1))
    problem(await office.post("clerk_a", "/filings", body), "period-in-the-past", 422)


async def test_filing_of_more_than_a_year_is_refused(office: Office) -> None:
    start = utc_now() + timedelta(hours=1)
    year = timedelta(days=366)
    ok(await office.post("clerk_a", "/filings", filing_wish(office, start, start + year)), 201)
    body = filing_wish(office, start, start + year + timedelta(seconds=1))
    problem(await office.post("clerk_a", "/filings", body), "period-too-long", 422)


async def test_filing_is_not_accepted_by_who_filed_it(office: Office) -> None:
    async with transaction(office.sessions) as session:
        session.add(
            PersonRole(
                person_no=office.world.people["clerk_a"].no,
                organisation_no=office.world.organisations["a"].no,
                role=Role.UNIT_APPROVER,
                period=Range(utc_now() - timedelta(hours=1), None, bounds="[)"),
            )
        )
    start = utc_now() + timedelta(hours=1)
    body = filing_wish(office, start, start + timedelta(hours=8))
    filing = ok(await office.post("clerk_a", "/filings", body), 201)
    path = f"/filings/{filing['id']}/accept"
    problem(await office.post("clerk_a", path), "own-filing", 403)
    assert ok(await office.post("approver_a", path))["state"] == "accepted"


async def test_filing_of_an_empty_period_is_refused(office: Office) -> None:
    now = utc_now()
    answer = await office.post("clerk_a", "/filings", filing_wish(office, now, now))
    problem(answer, "empty-period", 422)


async def test_an_instant_that_could_not_be_read_back_is_refused(office: Office) -> None:
    wanted = filing_wish(office, office.world.now, office.world.now)
    # In UTC this lies in the year 10000, which the database stores and Python can't read.
    wanted["end"] = "9999-12-31T23:59:00-05:00"
    problem(await office.post("clerk_a", "/filings", wanted), "invalid-request", 422)
    assert ok(await office.get("dispatcher", "/filings"))["items"] == []
