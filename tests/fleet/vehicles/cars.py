"""Bodies of requests that these tests send."""

from tests.support.world import World

API = "/api/v1"


def car(world: World, **changes: object) -> dict[str, object]:
    """A vehicle of unit A to add, with `changes`."""
    return {
        "plate": "示A20001",
        "plate_colour": "blue",
        "model": "轿车",
        "category": "other_prescribed",
        "seats": 5,
        "energy": "petrol",
        "holding": "retained",
        "organisation_id": str(world.organisations["a"].id),
    } | changes
