"""Reservations, series and plans: for dispatchers of the unit, and for whoever rides."""

from datetime import timedelta

from fleet.permissions import Permission as P
from fleet.words import Role
from kit.clock import shanghai_day
from tests.access.recipe import Ask, Recipe, hidden, listed, roles_with
from tests.access.seeds.made import Seeds, id_of
from tests.access.seeds.rides import series_wish


def _request(s: Seeds, name: str, **body: object) -> Ask:
    made = s.ids[name]
    assert isinstance(made, dict)
    return Ask(path={"request_id": id_of(made)}, body={"revision": made["revision"], **body})


def _plan(s: Seeds, body: object = None) -> Ask:
    return Ask(path={"plan_id": id_of(s.ids["plan"])}, body=body)


def _tomorrow(s: Seeds) -> str:
    return (shanghai_day(s.now) + timedelta(days=1)).isoformat()


def _series(s: Seeds, name: str, body: object = None, **path: object) -> Ask:
    return Ask(path={"series_id": id_of(s.ids[name]), **path}, body=body)


RECIPES: tuple[Recipe, ...] = (
    listed(
        "GET /request-series",
        lambda s: Ask(marks=(str(id_of(s.ids["series"])),)),
        may=roles_with(P.REQUEST_READ),
    ),
    hidden("POST /request-series", lambda s: Ask(body=series_wish(s))),
    hidden(
        "GET /request-series/{series_id}",
        lambda s: _series(s, "series"),
        may=roles_with(P.REQUEST_READ),
    ),
    # Only whoever asked for it: A's applicant of the cast.
    hidden(
        "PUT /request-series/{series_id}",
        lambda s: _series(s, "own_series", {**series_wish(s), "revision": 1}),
        only=frozenset({Role.APPLICANT}),
    ),
    hidden(
        "POST /request-series/{series_id}/{action}",
        lambda s: _series(s, "series", {"revision": 1}, action="approve"),
        may=roles_with(P.REQUEST_READ),
        only=roles_with(P.REQUEST_APPROVE),
    ),
    listed(
        "GET /reservations",
        lambda s: Ask(marks=(str(id_of(s.ids["reservation"])),)),
        may=roles_with(P.REQUEST_READ),
    ),
    hidden(
        "GET /reservations/endangered",
        lambda s: Ask(query={"organisation_id": str(s.unit.id)}),
    ),
    hidden(
        "POST /requests/{request_id}/reservation",
        lambda s: _request(s, "reserved", organisation_id=str(s.unit.id)),
    ),
    hidden(
        "POST /requests/{request_id}/reservation/release",
        lambda s: _request(s, "reserved", reason="改为合乘"),
    ),
    hidden(
        "GET /requests/{request_id}/alternatives",
        lambda s: Ask(
            path={"request_id": id_of(s.ids["reserved"])},
            query={"organisation_id": str(s.unit.id)},
        ),
    ),
    hidden(
        "POST /requests/{request_id}/times",
        lambda s: _request(s, "reserved", reason="改期", **s.hours(62, 63)),
    ),
    listed("GET /plans", lambda s: Ask(marks=(str(id_of(s.ids["plan"])),))),
    hidden(
        "POST /plans",
        lambda s: Ask(body={"day": _tomorrow(s), "organisation_id": str(s.unit.id)}),
    ),
    hidden("GET /plans/{plan_id}", _plan),
    hidden("POST /plans/{plan_id}/confirmation", lambda s: _plan(s, {})),
)
