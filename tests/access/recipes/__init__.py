"""Every recipe, by room; `ALL` maps a route to its own."""

from collections.abc import Sequence

from tests.access.recipe import Recipe
from tests.access.recipes import (
    applications,
    audit,
    capacity,
    changes,
    dispatch,
    exchange,
    fleet,
    gateway,
    identity,
    journal,
    lists_out,
    organisations,
    people,
    roads,
    shared_rides,
    tracking,
    vehicles,
)

ROOMS: dict[str, Sequence[Recipe]] = {
    module.__name__.rpartition(".")[2]: module.RECIPES
    for module in (
        *(organisations, people, vehicles, applications, exchange, lists_out),
        *(fleet, identity, journal),
        *(tracking, dispatch, capacity, shared_rides, changes, roads, audit, gateway),
    )
}


def _collect() -> dict[str, Recipe]:
    found: dict[str, Recipe] = {}
    for recipes in ROOMS.values():
        for recipe in recipes:
            assert recipe.route not in found, f"{recipe.route} has two recipes"
            found[recipe.route] = recipe
    return found


ALL = _collect()
