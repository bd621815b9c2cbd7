"""Map matching beside the nearest road, on tracks with a known truth.

An invented city, and an extract of a real one where `GONGCHE_BENCH_MAP` names its file. Random
fastest journeys are seen every so many seconds with normal noise on each axis. The peer takes the
nearest street of each position and the shortest routes between them: the same code with a single
candidate street, so that what differs is the model. Cold is a matcher that knows no routes yet,
with the making of it; beside it the same by SciPy's search. What the compiled search takes at its
first use in a process, and on a machine, is a figure of its own.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from demo.city import generate, write
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.map_matching.dijkstra_rows import DijkstraRows
from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.model import Model
from dispatch.roads.map_matching.route_rows import SearchOn, compiled_rows, length_graph
from dispatch.roads.map_matching.track import MatchedTrack
from dispatch.roads.network import RoadNetwork
from loadtests.measuring import Figure, Place
from loadtests.noisy_tracks import Driven, Journeys

_SEED = 20261122
_JOURNEYS = {"invented city": 100, "extract": 300}
_SEEN = ((10, 5), (10, 15), (30, 10), (30, 15), (60, 10))
_TIMED = (10, 30)
_TURNS = 3
_LEAST_PER_S = 5_000
_MOST_ERROR = 1.0  # per cent, of the median


def run(place: Place) -> list[Figure]:
    """Measure the invented city, then the real one."""
    city = place.folder / "city.osm.pbf"
    write(generate(seed=7), city)
    files = {"invented city": city}
    if told := os.environ.get("GONGCHE_BENCH_MAP"):
        files["extract"] = Path(told)
    networks = {name: _network(file) for name, file in files.items()}
    first_s = _first_use(networks["invented city"])
    return [
        Figure("first use of the compiled search in a process", first_s, "s"),
        *(figure for name, network in networks.items() for figure in _measure(name, network)),
    ]


def _network(file: Path) -> RoadNetwork:
    shown = pass_gate(read_extract(file))
    return build_network(shown.lines, shown.restrictions, shown.barriers)


def _first_use(network: RoadNetwork) -> float:
    """Seconds for one row: to load the compiler, and what it has kept; else to compile."""
    graph, one = length_graph(network), np.zeros(1, np.int64)
    before_s = time.process_time()
    list(compiled_rows(network, graph).rows(one, np.full(1, 400.0)))
    return time.process_time() - before_s


def _measure(name: str, network: RoadNetwork) -> list[Figure]:
    chance, journeys = np.random.default_rng(_SEED), Journeys(network)
    ways = journeys.ways(_JOURNEYS[name], chance)
    ours, nearest = MapMatcher(network), MapMatcher(network, Model(most_streets=1))
    figures: list[Figure] = []
    for every_s, noise_m in _SEEN:
        driven = [
            journeys.seen(way, every_s=every_s, noise_m=noise_m, chance=chance) for way in ways
        ]
        seen = f"{name}, every {every_s} s, {noise_m} m"
        if every_s in _TIMED:
            figures += _speed(seen, network, ours, driven)
        figures += _errors(seen, ours, nearest, driven)
    return figures


def _speed(
    seen: str, network: RoadNetwork, ours: MapMatcher, driven: Sequence[Driven]
) -> list[Figure]:
    positions = sum(len(one.track) for one in driven)
    cold_s, by_scipy_s = (
        _cold(network, search, driven) for search in (compiled_rows, DijkstraRows)
    )
    _spent(ours, driven)
    warm_s = min(_spent(ours, driven) for _ in range(_TURNS))
    return [
        Figure(
            f"{seen}: positions a second of one core, cold, by SciPy", positions / by_scipy_s, "/s"
        ),
        Figure(
            f"{seen}: positions a second of one core, cold",
            positions / cold_s,
            "/s",
            at_least=_LEAST_PER_S,
        ),
        Figure(
            f"{seen}: positions a second of one core",
            positions / warm_s,
            "/s",
            at_least=_LEAST_PER_S,
        ),
    ]


def _cold(network: RoadNetwork, search_on: SearchOn, driven: Sequence[Driven]) -> float:
    before_s = time.process_time()
    matcher = MapMatcher(network, search_on=search_on)
    return time.process_time() - before_s + _spent(matcher, driven)


def _spent(matcher: MapMatcher, driven: Sequence[Driven]) -> float:
    before_s = time.process_time()
    matcher.match_all([one.track for one in driven])
    return time.process_time() - before_s


def _errors(
    seen: str, ours: MapMatcher, nearest: MapMatcher, driven: Sequence[Driven]
) -> list[Figure]:
    tracks = [one.track for one in driven]
    matched = ours.match_all(tracks)
    return [
        Figure(f"{seen}: median error", _median(matched, driven), "%", at_most=_MOST_ERROR),
        Figure(f"{seen}: on the right street", _right(matched, driven), "%"),
        Figure(f"{seen}: nearest road", _median(nearest.match_all(tracks), driven), "%"),
    ]


def _median(matched: Sequence[MatchedTrack], driven: Sequence[Driven]) -> float:
    """Per cent by which lengths are off, in the median."""
    pairs = zip(matched, driven, strict=True)
    errors = [abs(one.length_m - truth.length_m) / truth.length_m for one, truth in pairs]
    return float(np.median(errors)) * 100


def _right(matched: Sequence[MatchedTrack], driven: Sequence[Driven]) -> float:
    """Per cent of the matched positions that stand on the edge they were really on."""
    right = [
        piece.edges[piece.at] == truth.edge[piece.position]
        for one, truth in zip(matched, driven, strict=True)
        for piece in one.pieces
    ]
    return float(np.concatenate(right).mean()) * 100
