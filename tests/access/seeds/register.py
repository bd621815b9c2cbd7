"""The register of A: one of each of its objects."""

from datetime import timedelta

from fleet.words import Role
from kit.clock import shanghai_day
from tests.access.cast import Where
from tests.access.seeds.applications import make_applications
from tests.access.seeds.made import Post, Seeds
from tests.access.seeds.missions import call_up_wanted, make_missions


async def make_register(post: Post, seeds: Seeds) -> None:
    """Make one of each further object of A, by whoever of A may."""
    unit, vehicle = str(seeds.unit.id), str(seeds.vehicle.id)
    driver = f"/drivers/{seeds.world.drivers['a2'].id}"
    for name, role, path, body in (
        ("leaf", "fleet_manager", "/organisations", _leaf(unit, "甲局三处")),
        ("twin", "fleet_manager", "/organisations", _leaf(unit, "甲局 三处")),
        (
            "registered",
            "fleet_manager",
            "/vehicles",
            {
                "plate": seeds.world.vehicles["a2"].plate,
                "plate_colour": "yellow",
                "model": "轿车",
                "category": "other_prescribed",
                "seats": 5,
                "energy": "petrol",
                "holding": "retained",
                "organisation_id": unit,
                "stage": "registered",
            },
        ),
        ("secret", "authority_approver", f"PUT /secret-vehicle-counts/{unit}", {"count": 1}),
        ("heir", "fleet_manager", "/organisations", _leaf(unit, "甲局四处")),
        (
            "custody",
            "fleet_manager",
            "/custodies",
            {"vehicle_id": vehicle, "kind": "key", "holder": {"organisation_id": unit}},
        ),
        (
            "document",
            "fleet_manager",
            f"/vehicles/{vehicle}/documents",
            {
                "kind": "annual_inspection",
                "title": "年检",
                "expires_on": f"{shanghai_day(seeds.now) + timedelta(days=365)}",
            },
        ),
        (
            "empty_document",
            "fleet_manager",
            f"/vehicles/{vehicle}/documents",
            {"kind": "insurance", "title": "保险"},
        ),
        (
            "leave",
            "fleet_manager",
            f"{driver}/leaves",
            {"kind": "annual", "reason": "年休假", **seeds.hours(200, 210)},
        ),
        ("shift", "unit_clerk", f"{driver}/shifts", {"kind": "day_shift", **seeds.hours(220, 228)}),
        (
            "roster",
            "unit_clerk",
            "/rosters",
            {
                "organisation_id": unit,
                "kind": "regular_duty",
                "vehicle_id": vehicle,
                **seeds.hours(230, 240),
            },
        ),
        (
            "duty_dispatcher",
            "fleet_manager",
            "/duty-dispatchers",
            {
                "organisation_id": unit,
                "person_id": str(seeds.cast[Role.DISPATCHER, Where.INSIDE].person.id),
                **seeds.hours(900, 910),
            },
        ),
        (
            "outage",
            "fleet_manager",
            f"/vehicles/{vehicle}/outages",
            {"kind": "maintenance", "reason": "保养", **seeds.hours(250, 260)},
        ),
        (
            "hold",
            "supervisor_officer",
            "/holds",
            {
                "case_number": "核〔2026〕1",
                "reason": "复核",
                "vehicle_id": vehicle,
                **seeds.hours(-48, 1),
            },
        ),
        (
            "sealing",
            "authority_approver",
            "/sealings",
            {
                "name": "节日封存",
                "basis": "通知〔2026〕1",
                "organisation_id": unit,
                **seeds.hours(300, 400),
            },
        ),
    ):
        seeds.ids[name] = await post(role, path, body)
    await make_missions(post, seeds)
    wanted = call_up_wanted(seeds.unit.id)
    seeds.ids["mobilisation"] = await post("authority_approver", "/mobilisations", wanted)
    await _say(post, unit)
    await make_applications(post, seeds)


async def _say(post: Post, unit: str) -> None:
    """Let the bureau open two rules, and A say something about one of them."""
    for key in ("over_quota", "over_standard"):
        await post("bureau", f"PUT /rules/values/{key}", {"value": "flag", "open_below": True})
    said = {"value": "refuse", "organisation_id": unit}
    await post("authority_approver", "PUT /rules/values/over_standard", said)


def _leaf(parent: str, name: str) -> dict[str, str]:
    return {"name": name, "kind": "unit", "parent_id": parent}
