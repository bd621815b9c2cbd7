"""How a route is asked, and who is to be answered: one recipe for each route.

A new route needs one. Put it into the file of its room under `recipes/`; `ask` gets the seeds and
returns the request that shows the route at work on unit A's objects.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fleet.permissions import ROLE_PERMISSIONS, Permission
from fleet.words import Role
from tests.access.seeds.made import Seeds


class Outside(StrEnum):
    """What somebody with the right, but with another scope, gets to know of A's objects."""

    HIDDEN = "hidden"  # 404: it does not exist for them
    LISTED = "listed"  # 2xx without any of A's marks: a list, a search, a report
    SHARED = "shared"  # the same answer for everybody: a code list, or one's own affairs
    UNKNOWN = "unknown"  # 422: a file's row names what does not exist for them
    REFUSED = "refused"  # 403: it belongs to the top of the tree


FOUND = frozenset({200, 201, 202, 204})

# What nobody can be shown in a world that everybody shares, and why; every other route answers 2xx
# to whoever may. The whole of log-in is told in tests/fleet/identity.
_NO_MAP = "no map is imported: whoever is logged in gets past the door"
_NO_CHALLENGE = "a challenge is given out once, to whoever gave the right password"
_NO_CODE = "the code of a second factor is its owner's alone, and holds for seconds"
UNSHOWN: dict[str, str] = {
    "GET /maps/current/{name}": _NO_MAP,
    "GET /roads/nearest": _NO_MAP,
    "GET /roads/isochrone": _NO_MAP,
    "GET /roads/map": _NO_MAP,
    "POST /proposals/{id}/answer": "only the drivers answer whose accepted orders it concerns",
    "POST /orders/{order_id}/departure-check": "only an order's own driver looks the vehicle over",
    "POST /requests/{request_id}/sharing": "only whoever asked or rides says so",
    "POST /session/challenge": _NO_CHALLENGE,
    "POST /session/challenge/enrolment": _NO_CHALLENGE,
    "POST /session/set-up": "a set-up link is used once",
    "GET /session/oidc/start": "no provider of identities can be reached",
    "GET /session/oidc/callback": "no provider of identities can be reached",
    "PUT /session/second-factor": _NO_CODE,
    "POST /session/second-factor/recovery-codes": _NO_CODE,
    "POST /session/second-factor/removal": _NO_CODE,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: path parameters, query, body, and words that stand in A's answer alone."""

    path: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)
    body: object = None
    marks: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """One route at work.

    may: who may, where the route itself declares no permission; None: whoever has the declared one
    only: of those the ones that a rule of the trade lets through; the others get `refusal`
    otherwise: what everybody else gets where the route declares no permission (own objects)
    inherited: what is said for A holds in its sections too, and is seen there
    inside: the answers to whoever may; others than 2xx only for the routes of UNSHOWN
    top: the object belongs to the top of the tree: whoever is inside stands there
    """

    route: str
    outside: Outside
    ask: Callable[[Seeds], Ask]
    may: frozenset[Role] | None = None
    only: frozenset[Role] | None = None
    refusal: frozenset[int] = frozenset({403, 404, 409, 422})
    otherwise: frozenset[int] = frozenset({403, 404})
    inside: frozenset[int] = FOUND
    top: bool = False
    inherited: bool = False


def nothing(_seeds: Seeds) -> Ask:
    """Ask without any parameter."""
    return Ask()


def marked(mark: Callable[[Seeds], str]) -> Callable[[Seeds], Ask]:
    """Ask without any parameter for an answer in which this word of A's stands."""
    return lambda seeds: Ask(marks=(mark(seeds),))


def hidden(route: str, ask: Callable[[Seeds], Ask] = nothing, **more: object) -> Recipe:
    """An object that does not exist outside its scope."""
    return Recipe(route, Outside.HIDDEN, ask, **more)  # type: ignore[arg-type]


def listed(route: str, ask: Callable[[Seeds], Ask] = nothing, **more: object) -> Recipe:
    """A list, search or report that leaves out what is outside the scope."""
    return Recipe(route, Outside.LISTED, ask, **more)  # type: ignore[arg-type]


def shared(route: str, ask: Callable[[Seeds], Ask] = nothing, **more: object) -> Recipe:
    """Something that belongs to no unit, or to the actor alone."""
    return Recipe(route, Outside.SHARED, ask, **more)  # type: ignore[arg-type]


def refused(route: str, ask: Callable[[Seeds], Ask] = nothing, **more: object) -> Recipe:
    """Something of the top of the tree, refused to everybody below it."""
    return Recipe(route, Outside.REFUSED, ask, top=True, **more)  # type: ignore[arg-type]


def roles_with(*permissions: Permission) -> frozenset[Role]:
    """Return the roles that have any of these permissions."""
    return frozenset(r for r, held in ROLE_PERMISSIONS.items() if held & set(permissions))


EVERYBODY = frozenset(Role)
