"""A seed becomes a city."""

from __future__ import annotations

from random import Random

from shapely.geometry import Point

from demo.city import names
from demo.city.crossings import cross_river, roundabout, stop_short
from demo.city.draft import Draft, degrees_of
from demo.city.ground import Ground
from demo.city.joining import join
from demo.city.land import lay_land
from demo.city.landmarks import Landmark, drives, set_landmarks
from demo.city.model import City, CityPlace
from demo.city.restricted import add_restricted
from demo.city.streets import (
    Street,
    plan_arterials,
    plan_collectors,
    plan_embankments,
    plan_lanes,
    plan_ring,
)

_DISTRICT_SEATS = (
    (0.0, 1200.0),
    (-3600.0, 2200.0),
    (3700.0, 2300.0),
    (-3700.0, -2300.0),
    (0.0, -2900.0),
    (3700.0, -2500.0),
    (400.0, 3900.0),
)


def generate(seed: int) -> City:
    """The city of a seed, about 12 × 10 km; its streets lead from everywhere to everywhere."""
    random = Random(seed)
    ground = Ground.shaped_by(random)
    streets = _plan(ground, random)
    landmarks = set_landmarks(streets, random)
    streets += drives(landmarks)
    draft = Draft()
    for street, points in join(streets):
        draft.way(points, street.tags)
    for landmark in landmarks:
        draft.area(landmark.outline, landmark.tags)
    lay_land(draft, ground, [street.line for street in streets], landmarks, random)
    draft.spot(Point(0, 1000), {"place": "city", "name": names.CITY})
    for seat, name in zip(_DISTRICT_SEATS, names.DISTRICTS, strict=True):
        draft.spot(Point(seat), {"place": "suburb", "name": name})
    withheld = add_restricted(draft)
    return City(
        seed=seed,
        nodes=tuple(draft.nodes.values()),
        ways=tuple(draft.ways),
        relations=tuple(draft.relations),
        places=tuple(_place(landmark) for landmark in landmarks),
        withheld_names=withheld,
    )


def _plan(ground: Ground, random: Random) -> list[Street]:
    """All streets, as lines that don't know of each other yet."""
    stems = names.street_names(random)
    mains = [plan_ring(ground), *plan_arterials(ground, stems)]
    minors = [*plan_collectors(ground, stems), *plan_lanes(ground, stems, random)]
    streets = [
        *cross_river(mains, ground),
        *plan_embankments(ground, stems),
        *stop_short(minors, ground),
    ]
    return list(roundabout(streets, ground))


def _place(landmark: Landmark) -> CityPlace:
    lat, lon = degrees_of(landmark.middle.x, landmark.middle.y)
    return CityPlace(landmark.name, landmark.kind, lat, lon)
