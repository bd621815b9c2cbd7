"""Deny by default: a route that declares no permission is not served unnoticed."""

from fastapi import FastAPI

from tests.gateway.http.routes_of import routes_of

# Everybody may ask these; each has its reason.
OPEN = {
    ("POST", "/session"),  # how one logs in
    ("POST", "/session/challenge"),  # its next step; the challenge proves the password
    ("POST", "/session/challenge/enrolment"),  # the same
    ("POST", "/session/set-up"),  # how one gets a password; the link's token is the proof
    ("GET", "/session/oidc"),  # whether the log-in page has another button
    ("GET", "/session/oidc/start"),  # how one logs in elsewhere
    ("GET", "/session/oidc/callback"),  # and comes back; state, nonce and verifier are the proof
    ("GET", "/health"),  # what supervisors poll; tells no facts of the agency
    ("GET", "/metrics"),  # closed by the proxy (docs/operations.md); holds counts alone
}

# These need a log-in and speak of the actor, or of nothing secret within the agency.
LOGGED_IN = {
    ("GET", "/session"),
    ("DELETE", "/session"),
    ("GET", "/session/second-factor"),
    ("POST", "/session/second-factor"),
    ("PUT", "/session/second-factor"),
    ("POST", "/session/second-factor/recovery-codes"),
    ("POST", "/session/second-factor/removal"),
    ("POST", "/session/password"),
    ("GET", "/sessions"),  # others' by `session.read`, which it asks for itself
    ("DELETE", "/sessions/{session_id}"),  # others' by `session.end`
    ("GET", "/tokens"),
    ("POST", "/tokens"),
    ("DELETE", "/tokens/{token_id}"),
    ("GET", "/maps/current/{name}"),
    ("GET", "/purposes"),
    # Where roads lead is no secret; what is withheld from maps stands in none of their answers.
    ("GET", "/roads/map"),
    ("GET", "/roads/nearest"),
    ("GET", "/roads/route"),
    ("GET", "/roads/isochrone"),
    ("POST", "/roads/matrix"),
    # Whoever asks for a vehicle names places; the agency's own are found within scope only.
    ("GET", "/place-search"),
    ("GET", "/place-search/reverse"),
}

# Applicants, passengers and drivers reach their own ones without any permission over a unit;
# dispatch decides by object (its tests show others' to be 404).
OWN_OBJECTS = {
    ("GET", "/delegations"),  # given or held by the actor, or with the permission over people
    ("POST", "/delegations"),
    ("POST", "/delegations/{id}/end"),
    ("GET", "/requests"),
    ("GET", "/requests/{request_id}"),
    ("GET", "/requests/{request_id}/approach"),
    ("POST", "/requests/{request_id}/{action}"),
    ("GET", "/requests/{request_id}/sharing"),
    ("POST", "/requests/{request_id}/sharing"),
    ("GET", "/request-series"),
    ("GET", "/request-series/{series_id}"),
    ("POST", "/request-series/{series_id}/{action}"),
    ("GET", "/reservations"),
    ("GET", "/proposals"),
    ("POST", "/proposals/{id}/answer"),
    ("GET", "/orders"),
    ("GET", "/orders/{order_id}"),
    ("GET", "/orders/{order_id}/slip"),
    ("POST", "/orders/{order_id}/{action}"),
    ("POST", "/orders/{order_id}/extend"),
    ("POST", "/orders/{order_id}/reassign"),
    ("POST", "/orders/{order_id}/swap_driver"),
    ("POST", "/orders/{order_id}/swap_vehicle"),
    ("POST", "/orders/{order_id}/departure-check"),
    ("GET", "/orders/{order_id}/departure-checks"),
    # Missions are for those named in them, whatever their roles; approvers see what they decide.
    ("GET", "/missions"),
    ("GET", "/missions/{mission_id}"),
    ("GET", "/missions/{mission_id}/arrivals"),
    ("POST", "/missions/{mission_id}/{action}"),
}


def test_every_route_declares_what_it_needs(app: FastAPI) -> None:
    routes = routes_of(app)
    assert len(routes) > 20
    undeclared = {(r.method, r.path) for r in routes if not r.checks}
    assert undeclared <= OPEN


def test_only_the_written_routes_need_a_log_in_and_nothing_else(app: FastAPI) -> None:
    bare = {
        (r.method, r.path)
        for r in routes_of(app)
        if r.checks and all(check.permission is None for check in r.checks)
    }
    assert bare <= LOGGED_IN | OWN_OBJECTS


def test_every_operation_has_a_name_of_its_own(app: FastAPI) -> None:
    names = [
        operation["operationId"]
        for path in app.openapi()["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names))
