"""Positions, trips, stops, quarantine, and the sittings in which they are looked at."""

from tests.access.recipe import Ask, hidden, listed, refused, shared
from tests.access.seeds.made import Seeds


def _day(s: Seeds) -> dict[str, object]:
    return {"start": s.later(days=-2), "end": s.later(days=1)}


RECIPES = (
    hidden("GET /positions", lambda s: Ask(query={"vehicle_id": s.vehicle.id, **_day(s)})),
    listed("GET /positions/live", lambda s: Ask(marks=(s.vehicle.plate,))),
    listed(
        "GET /positions/nearest",
        lambda s: Ask(query={"latitude": 40, "longitude": 110}, marks=(s.vehicle.plate,)),
    ),
    hidden(
        "GET /positions/at",
        lambda s: Ask(
            query={"vehicle_id": s.vehicle.id, "at": s.later()}, marks=(s.vehicle.plate,)
        ),
    ),
    hidden(
        "GET /positions/export",
        lambda s: Ask(
            query={
                "vehicle_id": s.vehicle.id,
                "start": s.later(days=-2),
                "end": s.later(),
                "form": "gpx",
            },
            marks=(s.vehicle.plate, "<gongche:positions>1<"),
        ),
    ),
    hidden(
        "GET /tracks",
        lambda s: Ask(
            query={"vehicle_id": s.vehicle.id, **_day(s), "zoom": 12}, marks=(s.vehicle.plate,)
        ),
    ),
    listed(
        "GET /positions/near",
        lambda s: Ask(
            query={"latitude": 40.05, "longitude": 110.05, **_day(s)}, marks=(s.vehicle.plate,)
        ),
    ),
    listed(
        "GET /positions/nearest-at",
        lambda s: Ask(
            query={
                "latitude": 40.05,
                "longitude": 110.05,
                "at": s.later(days=-1),
                "within_s": 86_400,
            },
            marks=(s.vehicle.plate,),
        ),
    ),
    listed("GET /trips", lambda s: Ask(query=_day(s), marks=(str(s.ids["trip"]),))),
    hidden(
        "GET /trips/{trip_id}",
        lambda s: Ask(path={"trip_id": s.ids["trip"]}, marks=(s.vehicle.plate,)),
    ),
    hidden(
        "GET /trips/{trip_id}/matched",
        lambda s: Ask(path={"trip_id": s.ids["trip"]}, marks=(str(s.ids["trip"]),)),
    ),
    hidden(
        "GET /stops",
        lambda s: Ask(query={"vehicle_id": s.vehicle.id}, marks=(str(s.ids["stop"]),)),
    ),
    listed("GET /quarantine", lambda s: Ask(marks=(s.world.terminals["a1"].phone,))),
    listed(
        "GET /data-quality",
        lambda s: Ask(
            query={"start": "2026-01-01", "end": "2026-01-31"},
            marks=(s.world.terminals["a1"].phone,),
        ),
    ),
    refused("GET /unknown-terminals", lambda s: Ask(marks=("13099990001",))),
    shared("POST /sittings", lambda s: Ask(body={"purpose": "supervision"})),
    shared("GET /sittings/current", lambda s: Ask(marks=("核〔2026〕1",))),
    shared("DELETE /sittings/current"),
)
