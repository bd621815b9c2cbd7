"""The road network: contraction hierarchies beside SciPy's Dijkstra, on the same graph.

An invented city, and an extract of a real one where `GONGCHE_BENCH_MAP` names its file. Both sides
answer the same questions from the same whole milliseconds and must say the same. Memory is that of
a process of its own, before and after it has made the network ready.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from demo.city import generate, write
from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import best_engine
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.network import LatLon, RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.shortest import DijkstraEngine, DijkstraPaths
from loadtests.measuring import Figure, Place

Made = TypeVar("Made")

SIZE = 200
"""Sources and targets of the matrix."""
MOST_MS = 50.0
_LEAST_RATIO = {"invented city": 1.5, "extract": 5.0}
"""The smaller the network, the nearer Dijkstra comes."""
_TURNS = 5
_ROUTES = 1_000
_SOURCES_BY_DIJKSTRA = 20  # a mean needs no more

_READY = """
import resource, sys
from pathlib import Path
from dispatch.roads.network import RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
def resident_kb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
before = resident_kb()
travel = RoadTravelTimes(RoadNetwork.load(Path(sys.argv[1])))
place = float(travel.network.node_lat[0]), float(travel.network.node_lon[0])
travel.make_ready()
travel.matrix([place], [place])
print(resident_kb() - before)
"""


def run(place: Place) -> list[Figure]:
    """Measure the invented city, then the real one."""
    city = place.folder / "city.osm.pbf"
    write(generate(seed=7), city)
    files = {"invented city": city}
    if told := os.environ.get("GONGCHE_BENCH_MAP"):
        files["extract"] = Path(told)
    return [figure for name, file in files.items() for figure in _measure(name, file, place)]


def _measure(name: str, file: Path, place: Place) -> list[Figure]:
    shown = pass_gate(read_extract(file))
    network = build_network(shown.lines, shown.restrictions, shown.barriers)
    turns, durations_ms = network.turns, network.edge_duration_ms
    made, build_s = _spent(lambda: best_engine(network))
    weights = turns.weights_ms(durations_ms)
    paths, weigh_s = _best(lambda: made.paths(weights))
    dijkstra = DijkstraEngine(turns).paths(weights)
    assert isinstance(dijkstra, DijkstraPaths)
    chance = np.random.default_rng(5)
    sources, targets = (chance.choice(network.strong_edges, SIZE) for _ in range(2))
    searched, search_s = _best(lambda: paths.durations_ms(sources, targets))
    _, ready_s = _spent(paths.make_ready)
    matrix, matrix_s = _best(lambda: paths.durations_ms(sources, targets))
    assert np.array_equal(searched, matrix)
    few = sources[:_SOURCES_BY_DIJKSTRA]
    judged, few_s = _best(lambda: dijkstra.durations_ms(few, targets))
    assert np.array_equal(judged, matrix[: len(few)])
    judged_s = few_s / len(few) * SIZE
    edge_paths = EdgePaths(network, durations_ms, made)
    pairs = chance.choice(network.strong_edges, (_ROUTES, 2)).tolist()
    _, path_s = _best(lambda: [edge_paths.path(*pair) for pair in pairs])
    travel = RoadTravelTimes(network, engine=made)
    travel.make_ready()
    points = _points(network, random.Random(5))
    _, points_s = _best(lambda: travel.durations(points, points))
    _, both_s = _best(lambda: travel.matrix(points, points))
    _, one_s = _best(lambda: travel.matrix(points, points[:1]))
    return [
        Figure(f"{name}: edges", network.edge_count, ""),
        Figure(f"{name}: turns", len(turns.arc_from), ""),
        Figure(f"{name}: make the hierarchy", build_s * 1e3, "ms"),
        Figure(f"{name}: weigh all turns", weigh_s * 1e3, "ms"),
        Figure(f"{name}: make tables of many pairs ready", ready_s * 1e3, "ms"),
        Figure(f"{name}: matrix {SIZE}×{SIZE}", matrix_s * 1e3, "ms", at_most=MOST_MS),
        Figure(f"{name}: the same by searches", search_s * 1e3, "ms"),
        Figure(f"{name}: the same by SciPy", judged_s * 1e3, "ms"),
        Figure(f"{name}: ratio", judged_s / matrix_s, "×", at_least=_LEAST_RATIO[name]),
        Figure(f"{name}: one path, its edges", path_s / _ROUTES * 1e3, "ms"),
        Figure(f"{name}: {SIZE}×{SIZE} points off the road", points_s * 1e3, "ms"),
        Figure(f"{name}: the same with metres", both_s * 1e3, "ms"),
        Figure(f"{name}: {SIZE} points to one, with metres", one_s * 1e3, "ms"),
        Figure(f"{name}: memory", _memory_mb(network, place.folder), "MB"),
    ]


def _points(network: RoadNetwork, chance: random.Random) -> list[LatLon]:
    """Points beside roads."""
    nodes = np.flatnonzero(network.strong_nodes).tolist()
    return [
        (
            float(network.node_lat[node]) + chance.uniform(-5e-4, 5e-4),
            float(network.node_lon[node]) + chance.uniform(-5e-4, 5e-4),
        )
        for node in chance.choices(nodes, k=SIZE)
    ]


def _spent(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what was made and the CPU seconds it took."""
    before_s = time.process_time()
    made = work()
    return made, time.process_time() - before_s


def _best(work: Callable[[], Made]) -> tuple[Made, float]:
    """The least of a few turns: others work beside us."""
    return min((_spent(work) for _ in range(_TURNS)), key=lambda turn: turn[1])


def _memory_mb(network: RoadNetwork, folder: Path) -> float:
    network.save(folder)
    told = subprocess.run(
        [sys.executable, "-c", _READY, str(folder)], check=True, capture_output=True, text=True
    )
    return int(told.stdout) / 1024
