"""The allowance is answered when a request is submitted, and stays answered by those lists."""

from dispatch.words import Purpose
from fleet.acts import Act
from fleet.allowances.saying import say_allowance
from fleet.rules.keys import RuleKey
from fleet.rules.saying import say
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Office, ok
from tests.support.world import LATITUDE, LONGITUDE

CITY = {"name": "城区", "latitude": LATITUDE, "longitude": LONGITUDE, "radius_m": 20_000}


async def rule(office: Office, key: RuleKey, value: object) -> None:
    async with transaction(office.sessions) as session:
        await say(
            session,
            Act(None, utc_now()),
            organisation=office.world.organisations["a"],
            key=key,
            value=value,
            open_below=False,
        )


async def test_a_request_keeps_what_the_allowance_said_when_it_was_submitted(
    office: Office,
) -> None:
    draft = await office.ask(draft=True)
    assert draft["allowance"] is None
    early = (await office.ask())["allowance"]
    assert (early["allowed"], early["inside_area"], early["area_version"]) == (True, None, 0)
    await rule(office, RuleKey.ALLOWANCE_AREA, [CITY])
    async with transaction(office.sessions) as session:
        await say_allowance(
            session,
            Act(None, utc_now()),
            person=office.world.people["applicant_a"],
            organisation_no=office.world.organisations["a"].no,
            draws=True,
        )
    path = f"/requests/{draft['id']}/submit"
    told = ok(await office.post("applicant_a", path, {"revision": draft["revision"]}))
    said = told["allowance"]
    assert (said["allowed"], said["inside_area"], said["draws_allowance"]) == (False, True, True)
    assert (said["purpose_listed"], said["area_version"], said["rule_version"]) == (False, 1, 0)
    await rule(office, RuleKey.ALLOWANCE_PURPOSES, [Purpose.MEETING])
    kept = ok(await office.get("approver_a", f"/requests/{draft['id']}"))["allowance"]
    assert kept == said
    late = (await office.ask())["allowance"]
    assert (late["allowed"], late["purpose_listed"], late["rule_version"]) == (True, True, 1)
