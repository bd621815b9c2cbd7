"""Which ways cars may use, in which direction, and how fast: OpenStreetMap's tags read once.

Sources: wiki.openstreetmap.org, pages Key:oneway (implied values), Key:maxspeed (units),
Key:highway (classes); access is `access_rules`'.
"""

from __future__ import annotations

from enum import Enum

from dispatch.roads.importing.access_rules import CarAccess, Tags, car_access

DRIVEN_SPEED_KMH = {
    "motorway": 90.0,
    "motorway_link": 50.0,
    "trunk": 65.0,
    "trunk_link": 40.0,
    "primary": 48.0,
    "primary_link": 35.0,
    "secondary": 40.0,
    "secondary_link": 30.0,
    "tertiary": 34.0,
    "tertiary_link": 28.0,
    "unclassified": 30.0,
    "residential": 25.0,
    "living_street": 15.0,
    "service": 15.0,
    "road": 25.0,
}
"""Average speed as driven, signals and turns included, where no limit is posted."""

POSTED_TO_DRIVEN = 0.8
"""A posted limit is not driven on average: signals, turns and traffic take a fifth of it."""

SLOWEST_KMH, FASTEST_KMH = 5.0, 120.0
KMH_PER_MPH = 1.609344

# The first key present decides: cars may be let against a direction that binds others.
_ONEWAY_KEYS = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
_ROUNDABOUTS = frozenset({"roundabout", "circular"})


class Direction(Enum):
    """The ways along which cars may drive, relative to the order of the way's nodes."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"

    @property
    def forward(self) -> bool:
        return self is not Direction.BACKWARD

    @property
    def backward(self) -> bool:
        return self is not Direction.FORWARD


def car_direction(tags: Tags) -> Direction | None:
    """The direction of cars on a way; None where cars may not drive at all."""
    if tags.get("highway") not in DRIVEN_SPEED_KMH or tags.get("area") == "yes":
        return None
    signed = _oneway(tags)
    if signed is None:
        return None
    forward, backward = (
        may and car_access(tags, forward=ahead) is not CarAccess.CLOSED
        for may, ahead in ((signed.forward, True), (signed.backward, False))
    )
    if forward and backward:
        return Direction.BOTH
    if forward or backward:
        return Direction.FORWARD if forward else Direction.BACKWARD
    return None


def _oneway(tags: Tags) -> Direction | None:
    match next((tags[key] for key in _ONEWAY_KEYS if key in tags), None):
        case "yes" | "true" | "1":
            return Direction.FORWARD
        case "-1" | "reverse":
            return Direction.BACKWARD
        case "reversible" | "alternating":
            return None  # the direction depends on the hour, which the network doesn't know
        case "no" | "false" | "0":
            return Direction.BOTH
    implied = tags.get("highway") == "motorway" or tags.get("junction") in _ROUNDABOUTS
    return Direction.FORWARD if implied else Direction.BOTH


def driven_speed_kmh(tags: Tags, *, forward: bool) -> float:
    """Average speed to reckon with on a way in one direction, in km/h."""
    own = tags.get("maxspeed:forward" if forward else "maxspeed:backward")
    posted = posted_limit_kmh(own or tags.get("maxspeed", ""))
    if posted is None:
        return DRIVEN_SPEED_KMH[tags["highway"]]
    return min(max(posted * POSTED_TO_DRIVEN, SLOWEST_KMH), FASTEST_KMH)


def posted_limit_kmh(value: str) -> float | None:
    """The limit of a `maxspeed` value in km/h; the lowest of several; None where it says none."""
    limits = [_one_limit_kmh(part.strip()) for part in value.replace(",", ";").split(";")]
    known = [limit for limit in limits if limit is not None]
    return min(known, default=None)


def _one_limit_kmh(text: str) -> float | None:
    number, _, unit = text.replace("km/h", " km/h").replace("mph", " mph").partition(" ")
    if not (number.isascii() and number.isdigit()) or int(number) == 0:
        return None
    return int(number) * (KMH_PER_MPH if unit.strip() == "mph" else 1.0)
