"""What people of the small world do with missions."""

from datetime import timedelta

from kit.clock import utc_now
from tests.dispatch.office import Json, Office, ok
from tests.support.world import LATITUDE, LONGITUDE


def plan(office: Office, **changes: object) -> Json:
    """A conference of three vehicles and a standby, tomorrow."""
    start = utc_now() + timedelta(hours=20)
    people = office.world.people
    return {
        "organisation_id": str(office.world.organisations["a"].id),
        "kind": "conference",
        "title": "年度工作会议",
        "plan": "代表由会议中心往返驻地，按号牌顺序编队。",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=4)).isoformat(),
        "gather_at": (start - timedelta(hours=1)).isoformat(),
        "assembly": {"name": "会议中心北门", "latitude": LATITUDE, "longitude": LONGITUDE},
        "liaison_id": str(people["applicant_a"].id),
        "reader_ids": [str(people["clerk_a"].id)],
        "runner_ids": [],
        "rides": [{"count": 3, "passengers": 3}, {"passengers": 2, "standby": True}],
        **changes,
    }


async def written(office: Office, **changes: object) -> Json:
    """Return a mission that awaits its approval."""
    return ok(await office.post("dispatcher", "/missions", plan(office, **changes)), 201)


async def act(office: Office, username: str, mission: Json, action: str, **more: object) -> Json:
    """Let somebody move a mission on."""
    body = {"revision": mission["revision"], **more}
    return ok(await office.post(username, f"/missions/{mission['id']}/{action}", body))


async def approved(office: Office, **changes: object) -> Json:
    """Return a mission that is approved."""
    return await act(office, "approver_a", await written(office, **changes), "approve")


async def planned(office: Office, **changes: object) -> Json:
    """Return a mission whose vehicles are chosen."""
    mission = await approved(office, **changes)
    return ok(await office.post("dispatcher", f"/missions/{mission['id']}/plan"))


async def issued(office: Office, **changes: object) -> Json:
    """Return a mission that has all its slips."""
    mission = await planned(office, **changes)
    answer = ok(await office.post("dispatcher", f"/missions/{mission['id']}/slips", {}), 200)
    found: Json = answer["mission"]
    return found
