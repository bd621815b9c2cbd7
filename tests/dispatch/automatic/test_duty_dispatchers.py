"""Who answers for automatic assignments: appointed for a period, or standing on the roster."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.automatic.on_duty import any_dispatcher, duty_dispatcher
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok, problem


async def appoint(office: Office, by: str = "dispatcher", **changes: object) -> Json:
    body = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "person_id": str(office.world.people["dispatcher"].id),
        **changes,
    }
    return ok(await office.post(by, "/duty-dispatchers", body), 201)


async def on_duty(office: Office, unit: str = "a") -> str | None:
    async with transaction(office.sessions) as session:
        found = await duty_dispatcher(session, office.world.organisations[unit].no, utc_now())
    return found.username if found else None


async def test_an_appointed_dispatcher_answers_for_the_units_they_dispatch_for(
    office: Office,
) -> None:
    assert await on_duty(office) is None
    made = await appoint(office, "manager")
    assert [await on_duty(office, unit) for unit in ("a", "b", "bureau")] == ["dispatcher"] * 3
    listed = ok(await office.get("dispatcher", "/duty-dispatchers", at=utc_now().isoformat()))
    assert [one["person"]["name"] for one in listed["items"]] == ["调度员"]
    ended = ok(await office.post("manager", f"/duty-dispatchers/{made['id']}/end"))
    assert ended["end"] is not None
    assert await on_duty(office) is None
    async with transaction(office.sessions) as session:
        entries = await session.scalars(
            select(JournalEntry.action).where(JournalEntry.object_kind == "duty_dispatcher")
        )
        assert sorted(entries) == ["duty_dispatcher.appoint", "duty_dispatcher.end"]


async def test_whoever_stands_on_the_roster_comes_before_whoever_is_appointed(
    office: Office,
) -> None:
    now = utc_now()
    async with transaction(office.sessions) as session:
        someone = await any_dispatcher(session, office.world.organisations["a"].no, now)
    assert someone is not None
    assert (someone.username, someone.automatic) == ("dispatcher", True)
    driver = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "kind": "regular_duty",
        "person_id": str(office.world.people["manager"].id),
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
    }
    ok(await office.post("dispatcher", "/rosters", driver), 201)
    assert await on_duty(office) is None, "somebody who may not dispatch answers for nothing"
    on_roster = driver | {"person_id": str(office.world.people["dispatcher"].id)}
    ok(await office.post("dispatcher", "/rosters", on_roster), 201)
    assert await on_duty(office) == "dispatcher"


async def test_an_appointment_of_somebody_who_may_not_dispatch_or_a_second_one_is_refused(
    office: Office,
) -> None:
    body = {
        "organisation_id": str(office.world.organisations["a"].id),
        "person_id": str(office.world.people["clerk_a"].id),
    }
    answer = await office.post("dispatcher", "/duty-dispatchers", body)
    problem(answer, "not-a-dispatcher", 422)
    problem(await office.post("clerk_a", "/duty-dispatchers", body), "forbidden", 403)
    await appoint(office)
    again = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "person_id": str(office.world.people["dispatcher"].id),
    }
    answer = await office.post("dispatcher", "/duty-dispatchers", again)
    problem(answer, "duty-dispatcher-taken", 409)
    backwards = again | {
        "start": (utc_now() + timedelta(hours=2)).isoformat(),
        "end": (utc_now() + timedelta(hours=1)).isoformat(),
    }
    problem(await office.post("dispatcher", "/duty-dispatchers", backwards), "empty-period", 422)
