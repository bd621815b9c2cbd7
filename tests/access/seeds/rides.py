"""Rides that A's people asked for, approved, promised, assigned and share."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plans.tables import Plan
from dispatch.plans.words import PlanState
from kit.clock import shanghai_day
from tests.access.seeds.made import Post, Seeds, id_of
from tests.dispatch.office import wish


async def make_rides(post: Post, session: AsyncSession, seeds: Seeds) -> None:
    """Let A's people ask for rides, approve and assign, as they would."""

    async def ask(hours: float, **more: object) -> dict[str, object]:
        return await post("applicant_a", "/requests", wish(timedelta(hours=hours), 1, **more))

    async def approved(hours: float, **more: object) -> dict[str, object]:
        asked = await ask(hours, **more)
        path = f"/requests/{asked['id']}/approve"
        return await post("approver_a", path, {"revision": asked["revision"]})

    async def assigned(
        hours: float, vehicle: str, driver: str, **more: object
    ) -> dict[str, object]:
        request = await approved(hours, **more)
        body = {
            "vehicle_id": str(seeds.world.vehicles[vehicle].id),
            "driver_id": str(seeds.world.drivers[driver].id),
            "revision": request["revision"],
        }
        return await post("dispatcher", f"/requests/{request['id']}/assignment", body)

    seeds.ids["asked"] = await ask(20)
    seeds.ids["approved"] = await approved(30)
    approved_id = id_of(seeds.ids["approved"])
    seeds.ids["suggestion"] = await post("dispatcher", f"/requests/{approved_id}/suggestions", None)
    seeds.ids["order"] = await assigned(40, "a1", "a1")
    seeds.ids["due_order"] = await assigned(-0.2, "a1", "a2")
    await _planned(post, session, seeds, await approved(60))
    seeds.ids["series"] = await post("applicant_a", "/request-series", series_wish(seeds))
    seeds.ids["own_series"] = await post("applicant", "/request-series", series_wish(seeds))
    sharing = {"may_share": True, "passengers": 1}
    host = await assigned(100, "a1", "a1", **sharing)
    rider, guest = [await approved(100, **sharing) for _ in range(2)]
    joining = {
        "order_id": host["id"],
        "revision": rider["revision"],
        "order_revision": host["revision"],
    }
    path = f"/requests/{rider['id']}/join"
    seeds.ids["shared"] = await post("dispatcher", path, joining)
    seeds.ids |= {"rider": rider, "guest": guest}
    seeds.ids["filing"] = await post(
        "clerk_a",
        "/filings",
        {
            "vehicle_id": str(seeds.vehicle.id),
            "kind": "night_away",
            "reason": "跨夜出差",
            **seeds.hours(50, 60),
        },
    )


async def _planned(
    post: Post,
    session: AsyncSession,
    seeds: Seeds,
    request: dict[str, object],
) -> None:
    """Promise a request one of A's vehicles, and propose a day's plan of A."""
    body = {"revision": request["revision"], "organisation_id": str(seeds.unit.id)}
    seeds.ids["reserved"] = request
    path = f"/requests/{request['id']}/reservation"
    seeds.ids["reservation"] = await post("dispatcher_inside", path, body)
    day = (shanghai_day(seeds.now) + timedelta(days=2)).isoformat()
    asked = {"day": day, "organisation_id": str(seeds.unit.id)}
    seeds.ids["plan"] = await post("dispatcher_inside", "/plans", asked)
    plan = await session.get_one(Plan, id_of(seeds.ids["plan"]))
    plan.state = PlanState.PROPOSED
    await session.commit()


def series_wish(seeds: Seeds) -> dict[str, object]:
    """Return a ride of A on two days in three weeks."""
    ride = {key: value for key, value in wish().items() if key not in {"start", "end"}}
    first = shanghai_day(seeds.now) + timedelta(days=21)
    return {
        **ride,
        "organisation_id": str(seeds.unit.id),
        "repeats": "daily",
        "days_off_too": True,
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=1)).isoformat(),
        "start_time": "08:00",
        "end_time": "09:00",
    }
