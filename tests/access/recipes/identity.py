"""Log-in, sessions, second factors, tokens, the policy."""

from fleet.permissions import Permission as P
from fleet.words import Role
from tests.access.recipe import Ask, Recipe, hidden, roles_with, shared
from tests.access.seeds.made import Seeds
from tests.support.world import PASSWORD

_SECURITY = frozenset({Role.SECURITY_ADMINISTRATOR})


def _clerk(s: Seeds) -> Ask:
    return Ask(path={"person_id": s.person("clerk_a").id})


# Without a password or a challenge of their own nobody gets further than these refusals, which
# are the answers that show the door at work; the whole of log-in is told in tests/fleet/identity.
_WRONG = frozenset({401, 404, 409, 422})
_NO_FACTOR = frozenset({401, 404, 409, 422})

RECIPES: tuple[Recipe, ...] = (
    shared("POST /session", lambda s: Ask(body={"username": "clerk_a", "password": PASSWORD})),
    shared("POST /session/challenge", lambda s: Ask(body={"challenge": "x" * 43}), inside=_WRONG),
    shared(
        "POST /session/challenge/enrolment",
        lambda s: Ask(body={"challenge": "x" * 43}),
        inside=_WRONG,
    ),
    shared("GET /session"),
    shared("DELETE /session"),
    shared("GET /session/oidc"),
    shared("GET /session/oidc/start", inside=frozenset({302, 303, 404, 409, 503})),
    shared("GET /session/oidc/callback", inside=frozenset({302, 303, 404, 409, 422, 503})),
    # Nobody of the cast has a password yet: they set their first.
    shared(
        "POST /session/password",
        lambda s: Ask(body={"current_password": "no", "new_password": "Anders-2026-geheim"}),
    ),
    shared(
        "POST /session/set-up",
        lambda s: Ask(body={"token": "x" * 43, "password": "Anders-2026-geheim"}),
        inside=_WRONG,
    ),
    shared("GET /session/second-factor"),
    shared(
        "POST /session/second-factor",
        lambda s: Ask(body={}),
    ),
    shared("PUT /session/second-factor", lambda s: Ask(body={"code": "123456"}), inside=_NO_FACTOR),
    shared(
        "POST /session/second-factor/recovery-codes",
        lambda s: Ask(body={"code": "123456"}),
        inside=_NO_FACTOR,
    ),
    shared(
        "POST /session/second-factor/removal",
        lambda s: Ask(body={"code": "123456"}),
        inside=_NO_FACTOR,
    ),
    hidden(
        "GET /sessions",
        lambda s: Ask(query={"person_id": s.person("clerk_a").id}, marks=(str(s.ids["session"]),)),
        may=_SECURITY,
    ),
    hidden(
        "DELETE /sessions/{session_id}",
        lambda s: Ask(path={"session_id": s.ids["session"]}),
        may=_SECURITY,
    ),
    shared("GET /tokens"),
    shared(
        "POST /tokens",
        lambda s: Ask(
            body={"name": "报表", "permissions": [P.VEHICLE_READ], "expires_at": s.later(days=1)}
        ),
        # Nobody gives a token what they may not do themselves.
        only=roles_with(P.VEHICLE_READ),
    ),
    # A token is its holder's alone.
    hidden(
        "DELETE /tokens/{token_id}",
        lambda s: Ask(path={"token_id": s.ids["token"]}),
        may=frozenset({Role.UNIT_CLERK}),
    ),
    shared("GET /policy"),
    shared("PUT /policy", lambda s: Ask(body={"password_min_length": 14})),
    hidden("POST /people/{person_id}/set-up-link", _clerk),
    hidden("DELETE /people/{person_id}/second-factor", _clerk),
    hidden(
        "PUT /people/{person_id}/external-identity",
        lambda s: Ask(path=_clerk(s).path, body={"subject": "clerk-a"}),
    ),
    hidden("GET /people/{person_id}/external-identity", _clerk),
    hidden("DELETE /people/{person_id}/external-identity", _clerk),
)
