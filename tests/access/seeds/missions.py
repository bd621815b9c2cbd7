"""Missions and mobilisations of A."""

from uuid import UUID

from tests.access.seeds.made import Post, Seeds, id_of


async def make_missions(post: Post, seeds: Seeds) -> None:
    """Let A's dispatcher write three missions; one is approved, planned, and one slip issued."""
    for name, hours, draft in (("draft", 600, True), ("review", 620, False), ("run", 640, False)):
        plan = mission_wanted(seeds, hours, draft=draft)
        seeds.ids[f"mission_{name}"] = await post("dispatcher_inside", "/missions", plan)
    path = f"/missions/{id_of(seeds.ids['mission_run'])}"
    await post("approver_a", f"{path}/approve", {"revision": 1})
    planned = await post("dispatcher_inside", f"{path}/plan", None)
    await post("dispatcher_inside", f"{path}/slips", {"most": 2})
    seeds.ids["mission_run"] = planned


def mission_wanted(seeds: Seeds, hours: float, *, draft: bool = False) -> dict[str, object]:
    """Return the plan of a mission of A: a vehicle and a standby."""
    place = {"name": "北门", "latitude": 40.05, "longitude": 110.05}
    return {
        "organisation_id": str(seeds.unit.id),
        "kind": "conference",
        "title": f"甲局会议{hours:.0f}",
        "plan": "集结后编队",
        "gather_at": seeds.later(hours=hours),
        "start": seeds.later(hours=hours),
        "end": seeds.later(hours=hours + 2),
        "assembly": place,
        "liaison_id": str(seeds.person("applicant_a").id),
        "rides": [{"passengers": 2}, {"passengers": 2, "standby": True}],
        "draft": draft,
    }


def call_up_wanted(organisation_id: UUID) -> dict[str, object]:
    """Return a mobilisation to sign; the cast has no passwords, and has just logged in."""
    return {
        "organisation_id": str(organisation_id),
        "level": 3,
        "name": "防汛应急响应",
        "basis": "预案",
        "statement": "同意启动",
    }
