"""Fences: areas that a vehicle is inside or outside of. For now the circle, as bases need it."""

from dataclasses import dataclass

from tracking.geo import distance_m


@dataclass(frozen=True, slots=True)
class Circle:
    """A centre in degrees and a radius in metres; the rim belongs to it."""

    lat: float
    lon: float
    radius_m: float

    def __post_init__(self) -> None:
        if not self.radius_m > 0:
            raise ValueError("a circle's radius must be positive")


def within(lat: float, lon: float, centre: tuple[float, float], radius_m: float) -> bool:
    """Whether the place lies in the circle around `centre` (lat, lon), rim included."""
    return distance_m(lat, lon, *centre) <= radius_m


def inside(lat: float, lon: float, circle: Circle) -> bool:
    """Whether the place lies in the circle, rim included."""
    return within(lat, lon, (circle.lat, circle.lon), circle.radius_m)
