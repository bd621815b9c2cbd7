"""Applications of A, one in each state that the matrix acts upon."""

from tests.access.seeds.made import Post, Seeds


async def make_applications(post: Post, seeds: Seeds) -> None:
    """File one application for each state that the matrix acts upon."""
    decided = (("unit_clerk", "submit"), ("authority_approver", "approve"))
    disposal = {
        "kind": "disposal",
        "vehicle_id": str(seeds.world.vehicles["a3"].id),
        "method": "scrap",
        "grounds": "报废",
    }
    for state, wanted, acts in (
        ("draft", quota_wanted(seeds, 5), ()),
        ("submitted", quota_wanted(seeds, 6), decided[:1]),
        ("granted", quota_wanted(seeds, 7), decided),
        ("disposal", disposal, decided),
    ):
        made = await post("unit_clerk", "/applications", wanted)
        for role, act in acts:
            await post(role, f"/applications/{made['id']}/{act}", {})
        seeds.ids[f"application_{state}"] = made


def quota_wanted(seeds: Seeds, count: int) -> dict[str, object]:
    """Return an application of A for a quota."""
    return {
        "kind": "quota_approval",
        "organisation_id": str(seeds.unit.id),
        "category": "other_prescribed",
        "count": count,
        "basis": "编办〔2026〕1",
    }
