"""Roads and places: whoever is logged in asks the map; own places are shown by scope."""

from fleet.permissions import Permission as P
from tests.access.recipe import Ask, Recipe, listed, roles_with, shared
from tests.access.seeds.made import Seeds
from tests.support.world import LATITUDE, LONGITUDE

_HERE = {"latitude": LATITUDE, "longitude": LONGITUDE}
_ENDS = {"from": f"{LATITUDE},{LONGITUDE}", "to": f"{LATITUDE + 0.01},{LONGITUDE}"}
_NO_MAP = frozenset({409})
_SEE_PLACES = roles_with(P.PLACE_READ)


def _here(_seeds: Seeds) -> Ask:
    return Ask(query=_HERE)


def _base_by_name(seeds: Seeds) -> Ask:
    base = seeds.world.bases["a"]
    return Ask(query={"q": base.name}, marks=(str(base.id),))


def _base_by_point(seeds: Seeds) -> Ask:
    base = seeds.world.bases["a"]
    at = {"latitude": base.latitude, "longitude": base.longitude}
    return Ask(query=at, marks=(str(base.id),))


RECIPES: tuple[Recipe, ...] = (
    shared("GET /roads/route", lambda _s: Ask(query=_ENDS)),
    shared("GET /roads/nearest", _here, inside=_NO_MAP),
    shared("GET /roads/isochrone", _here, inside=_NO_MAP),
    shared(
        "POST /roads/matrix", lambda _s: Ask(body={"origins": [_HERE], "destinations": [_HERE]})
    ),
    shared("GET /roads/map", inside=_NO_MAP),
    listed("GET /place-search", _base_by_name, may=_SEE_PLACES),
    listed("GET /place-search/reverse", _base_by_point, may=_SEE_PLACES),
)
