"""Every recipe, by room; `ALL` maps a route to its own."""

from tests.access.recipe import Recipe
from tests.access.recipes import (
    applications,
    audit,
    dispatch,
    exchange,
    fleet,
    gateway,
    identity,
    journal,
    organisations,
    people,
    tracking,
    vehicles,
)

_ROOMS = (
    *(organisations, people, vehicles, applications, exchange),
    *(fleet, identity, journal),
    *(tracking, dispatch, audit, gateway),
)


def _collect() -> dict[str, Recipe]:
    found: dict[str, Recipe] = {}
    for room in _ROOMS:
        for recipe in room.RECIPES:
            assert recipe.route not in found, f"{recipe.route} has two recipes"
            found[recipe.route] = recipe
    return found


ALL = _collect()
