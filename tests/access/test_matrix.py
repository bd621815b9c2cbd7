"""Every route × every role × inside, beside and above its scope, and nobody at all.

Each room is a test of its own in one world; the last one writes the table of all of them to
test-artifacts/access-matrix.md. Each object is first shown inside its scope, so that what is hidden
outside is hidden, and not merely absent.
"""

import os
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from gateway.http.app import create_app
from kit.settings import Settings
from tests.access.recipe import FOUND, UNSHOWN
from tests.access.recipes import ALL, ROOMS
from tests.access.rolling_back import RollingBack
from tests.access.seeds.made import Seeds
from tests.access.table import written
from tests.access.walking import Tally, try_narrow_tokens, walk
from tests.gateway.http.routes_of import Declared, routes_of

# Part of a route, for whoever writes its recipe: GONGCHE_TEST_ROUTE=/vehicles
ONLY = os.environ.get("GONGCHE_TEST_ROUTE", "")
# Whoever bears any token gets these: who they are, a code list, the map.
TOLD_TO_ANYONE = {
    "GET /session",
    "GET /purposes",
    "GET /maps/current/{name}",
    "GET /roads/map",
    "GET /roads/nearest",
    "GET /roads/route",
    "GET /roads/isochrone",
    "POST /roads/matrix",
}
ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"


def declared_in(app: FastAPI) -> dict[str, Declared]:
    return {f"{one.method} {one.path}": one for one in routes_of(app)}


def test_every_route_has_a_recipe_and_every_recipe_a_route() -> None:
    routes = declared_in(create_app(Settings(database_url="postgresql://nowhere/none")))
    assert sorted(routes.keys() - ALL.keys()) == [], "write recipes for these"
    assert sorted(ALL.keys() - routes.keys()) == [], "these recipes ask for nothing"


def test_only_the_named_routes_may_answer_anything_but_success() -> None:
    loose = {name for name, recipe in ALL.items() if not recipe.inside <= FOUND}
    assert loose == UNSHOWN.keys()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("room", ROOMS)
async def test_nobody_does_or_sees_more_than_their_role_and_scope_allow(
    room: str,
    client: httpx.AsyncClient,
    rolling: RollingBack,
    seeds: Seeds,
    tallies: dict[str, Tally],
) -> None:
    routes = declared_in(rolling.app)
    recipes = [one for one in ROOMS[room] if ONLY in one.route]
    for recipe in recipes:
        declared = routes[recipe.route]
        tallies[recipe.route] = await walk(client, declared, recipe, seeds, seeds.cast)
    wrong = [line for one in recipes for line in tallies[one.route].wrong]
    assert not wrong, "\n".join([f"{len(wrong)} wrong:", *wrong])


async def test_a_token_made_for_something_else_reaches_nothing_that_is_its_persons_own(
    client: httpx.AsyncClient, rolling: RollingBack, seeds: Seeds
) -> None:
    bare = [
        (recipe, declared)
        for name, declared in declared_in(rolling.app).items()
        if declared.checks and all(check.permission is None for check in declared.checks)
        if name not in TOLD_TO_ANYONE and ONLY in name
        for recipe in [ALL[name]]
    ]
    assert bare or ONLY
    wrong = [
        line
        for recipe, declared in bare
        for line in await try_narrow_tokens(client, declared, recipe, seeds)
    ]
    assert not wrong, "\n".join([f"{len(wrong)} wrong:", *wrong])


def test_every_route_was_tried(request: pytest.FixtureRequest, tallies: dict[str, Tally]) -> None:
    routes = declared_in(create_app(Settings(database_url="postgresql://nowhere/none")))
    written(ARTIFACTS / "access-matrix.md", routes, tallies)
    rooms = [one for one in request.session.items if "room" in getattr(one, "fixturenames", ())]
    if ONLY or len(rooms) < len(ROOMS):
        pytest.skip("only a part of the rooms was asked for")
    assert sorted(routes.keys() - tallies.keys()) == []
