"""Findings, rules and reports."""

from datetime import date, timedelta

from tests.access.recipe import Ask, hidden, listed, shared
from tests.access.seeds.made import Seeds


def _day(s: Seeds) -> date:
    day = s.ids["day"]
    assert isinstance(day, date)
    return day


def _days(s: Seeds) -> dict[str, object]:
    return {"start": _day(s), "end": _day(s) + timedelta(days=1)}


def _month(s: Seeds) -> dict[str, object]:
    return {"month": f"{_day(s):%Y-%m}", "organisation_id": s.unit.id}


RECIPES = (
    listed("GET /findings", lambda s: Ask(marks=(str(s.ids["finding"]),))),
    hidden("GET /findings/{finding_id}", lambda s: Ask(path={"finding_id": s.ids["finding"]})),
    shared("GET /rules"),
    listed("GET /reports/explained", lambda s: Ask(query=_days(s), marks=(s.vehicle.plate,))),
    hidden("GET /reports/publicity", lambda s: Ask(query=_month(s))),
    hidden("GET /reports/publicity.xlsx", lambda s: Ask(query=_month(s))),
)
