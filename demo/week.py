"""A week of the demo city for a simulation: the platform's vehicles, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demo import cast
from demo.city import PlaceKind
from demo.places import Places
from dispatch.simulation.weeks.inventing import Pattern, invent
from dispatch.simulation.weeks.model import Demand, Fleet
from fleet.words import Holding

PATTERN = Pattern(requests_a_day=330)
_ASKED_FROM = (PlaceKind.OFFICE, PlaceKind.SCHOOL, PlaceKind.HOSPITAL)
_ASKED_TO = (*_ASKED_FROM, PlaceKind.STATION, PlaceKind.MARKET, PlaceKind.HOTEL)


def points_of(city: Places) -> list[tuple[float, float]]:
    """Return where all places of the city are, in degrees."""
    return [(place.lat, place.lon) for place in city.places]


def week_of(city: Places, seed: int, pattern: Pattern = PATTERN) -> tuple[Fleet, Demand]:
    """Return the platform's vehicles and a week's requests; places as numbered by `points_of`."""
    bases = _of(city, (PlaceKind.BASE,))
    cars = [car for car in cast.cars() if car.holding is Holding.POOL]
    fleet = Fleet(
        np.array([bases[car.base] for car in cars], dtype=np.int64),
        np.array([car.seats - 1 for car in cars], dtype=np.int64),
    )
    origins, destinations = _of(city, _ASKED_FROM), _of(city, _ASKED_TO)
    demand = invent(
        pattern,
        np.array(origins, dtype=np.int64),
        np.array(destinations, dtype=np.int64),
        seed,
    )
    return fleet, demand


def _of(city: Places, kinds: Sequence[PlaceKind]) -> list[int]:
    return [number for number, place in enumerate(city.places) if place.kind in kinds]
