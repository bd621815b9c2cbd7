"""Routes of log-in, second factors, passwords, sessions, tokens and their policy."""

from fastapi import APIRouter

from fleet.identity import (
    factor_routes,
    list_routes,
    oidc_routes,
    password_routes,
    person_routes,
    policy_routes,
    session_routes,
    token_routes,
)

router = APIRouter()
for _part, _tag in (
    (session_routes, "session"),
    (factor_routes, "session"),
    (password_routes, "session"),
    (oidc_routes, "session"),
    (list_routes, "session"),
    (token_routes, "tokens"),
    (policy_routes, "policy"),
    (person_routes, "people"),
):
    router.include_router(_part.router, tags=[_tag])
