"""Small towns drawn in metres, and tracks through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.restrictions import TurnRestriction
from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.track import MatchedTrack, Piece, Track
from dispatch.roads.network import RoadNetwork
from dispatch.roads.plane import LocalPlane
from tests.dispatch.roads.hand_made import line

PLANE = LocalPlane(43.30, 114.60)
Place = tuple[float, float]
"""(metres east, metres north)."""


def degrees(place: Place) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(np.array([place[0]]), np.array([place[1]]))
    return float(lat[0]), float(lon[0])


def town(
    where: Mapping[int, Place],
    ways: Mapping[int, Sequence[int]],
    *,
    oneway: Sequence[int] = (),
    restrictions: Sequence[TurnRestriction] = (),
) -> RoadNetwork:
    """Streets through numbered nodes; those of `oneway` in the direction of their nodes only."""
    nodes = {node: degrees(place) for node, place in where.items()}
    lines = [
        line(way, on, nodes, oneway="yes" if way in oneway else "no") for way, on in ways.items()
    ]
    return build_network(lines, list(restrictions))


def track(
    places: Sequence[Place], *, every_s: float = 10.0, course_deg: Sequence[float] | None = None
) -> Track:
    """Positions at these places, so many seconds apart."""
    metres = np.array(places, dtype=np.float64).reshape(-1, 2)
    lat, lon = PLANE.to_degrees(metres[:, 0], metres[:, 1])
    times = np.array([1_000_000.0 + every_s * n for n in range(len(places))], dtype=np.float64)
    course = None if course_deg is None else np.array(course_deg)
    return Track(times, lat, lon, course)


def drive(network: RoadNetwork, driven: Track) -> MatchedTrack:
    return MapMatcher(network).match(driven)


def whole(matched: MatchedTrack) -> Piece:
    """The one piece of a track that has no break."""
    assert len(matched.pieces) == 1
    return matched.pieces[0]


def ways(network: RoadNetwork, piece: Piece) -> list[int]:
    """The ways driven, each once for all its edges that follow one another."""
    numbers = network.edge_way_id[piece.edges].tolist()
    return [way for at, way in enumerate(numbers) if at == 0 or way != numbers[at - 1]]


def permitted(network: RoadNetwork, piece: Piece) -> bool:
    """Whether each edge may follow the one before it."""
    turns = network.turns
    edges = turns.state_edge
    arcs = set(zip(edges[turns.arc_from].tolist(), edges[turns.arc_to].tolist(), strict=True))
    return set(zip(piece.edges[:-1].tolist(), piece.edges[1:].tolist(), strict=True)) <= arcs
