"""What the map doesn't answer over HTTP, and what to change.

BadRequest (422)
├── PointOffRoads
└── NoWayByCar
Conflict (409)
└── NoMapInUse
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dispatch.roads.errors import NoWay, OutsideMap
from kit.errors import BadRequest, Conflict


class PointOffRoads(BadRequest):
    """The point lies more than 1 km from every road of the map in use."""


class NoWayByCar(BadRequest):
    """No road that cars may use leads there."""


class NoMapInUse(Conflict):
    """No map is imported: an operator brings one in by `gongche map import`."""


@contextmanager
def as_refusals() -> Iterator[None]:
    """Turn what a map doesn't answer into what HTTP says."""
    try:
        yield
    except OutsideMap as problem:
        raise PointOffRoads(str(problem)) from problem
    except NoWay as problem:
        raise NoWayByCar(str(problem)) from problem
