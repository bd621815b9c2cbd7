"""The import of a map at three sizes, and what a province would take by these.

The invented city, 4 and 16 times beside itself and joined by roads, and an extract of a real city
where `GONGCHE_BENCH_MAP` names its file. Each import is a process of its own: its CPU seconds and
those of the tile builder together, and the most memory that it held itself: what the system tells
of a child began with that of its parent.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from demo.city import City, generate, write
from demo.city.model import Way
from loadtests.measuring import Figure, Place

SIZES = (1, 4, 16)
PROVINCE_EDGES = 3_000_000
"""Directed edges of a large province's roads for cars."""
MOST_S = 60.0
"""For a city, on two cores that nobody else uses."""
_APART_DEG = 0.2

_IMPORT = """
import resource, sys, time
from pathlib import Path
from dispatch.roads.importing.importing import import_map
begun = time.perf_counter()
version = import_map(Path(sys.argv[1]), Path(sys.argv[2]), lambda line: None)
wall_s = time.perf_counter() - begun
own, tiles = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu_s = sum(one.ru_utime + one.ru_stime for one in (own, tiles))
print(version.manifest.edges, wall_s, cpu_s, own.ru_maxrss // 1024)
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import made and took."""

    edges: float
    wall_s: float
    cpu_s: float
    own_mb: float


def run(place: Place) -> list[Figure]:
    """Import each size, and tell a province by the growth from the second to the third."""
    city, figures, imports = generate(seed=7), [], []
    for size in SIZES:
        file = place.folder / f"city-{size}.osm.pbf"
        write(_beside_itself(city, size), file)
        imports.append(_import(file, place.folder / f"maps-{size}"))
        figures += _told(f"invented city × {size}", imports[-1])
    if told := os.environ.get("GONGCHE_BENCH_MAP"):
        found = _import(Path(told), place.folder / "maps-extract")
        figures += _told("extract", found, most_s=MOST_S)
    return [*figures, *_province(imports)]


def _told(name: str, found: Imported, most_s: float | None = None) -> list[Figure]:
    return [
        Figure(f"{name}: edges", found.edges, ""),
        Figure(f"{name}: CPU", found.cpu_s, "s"),
        Figure(f"{name}: on the clock", found.wall_s, "s", at_most=most_s),
        Figure(f"{name}: memory", found.own_mb, "MB"),
    ]


def _province(imports: Sequence[Imported]) -> list[Figure]:
    _, middle, large = imports
    further = (PROVINCE_EDGES - large.edges) / (large.edges - middle.edges)
    cpu_s = large.cpu_s + further * (large.cpu_s - middle.cpu_s)
    own_mb = large.own_mb + further * (large.own_mb - middle.own_mb)
    return [
        Figure(f"{PROVINCE_EDGES:,} edges, extrapolated: CPU", cpu_s / 60, "min"),
        Figure(f"{PROVINCE_EDGES:,} edges, extrapolated: memory", own_mb / 1024, "GB"),
    ]


def _import(file: Path, maps_dir: Path) -> Imported:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(file), str(maps_dir)],
        check=True,
        capture_output=True,
        text=True,
    )
    return Imported(*map(float, done.stdout.split()))


def _beside_itself(city: City, size: int) -> City:
    """So many copies in a square, each joined to the one before by a road."""
    side = round(size**0.5)
    copies = [
        _moved(city, at, at // side * _APART_DEG, at % side * _APART_DEG) for at in range(size)
    ]
    joint = next(way.node_ids[0] for way in city.ways if way.tags.get("highway") == "primary")
    step = len(city.nodes)
    roads = [
        Way(size * len(city.ways) + at, (joint + (at - 1) * step, joint + at * step), _JOINING)
        for at in range(1, size)
    ]
    return replace(
        city,
        nodes=tuple(node for copy in copies for node in copy.nodes),
        ways=(*(way for copy in copies for way in copy.ways), *roads),
        relations=tuple(relation for copy in copies for relation in copy.relations),
    )


_JOINING = {"highway": "trunk"}


def _moved(city: City, at: int, north_deg: float, east_deg: float) -> City:
    """A copy elsewhere, with numbers of its own."""
    nodes, ways, relations = (
        at * count for count in (len(city.nodes), len(city.ways), len(city.relations))
    )
    return replace(
        city,
        nodes=tuple(
            replace(
                node,
                node_id=node.node_id + nodes,
                lat=round(node.lat + north_deg, 7),
                lon=round(node.lon + east_deg, 7),
            )
            for node in city.nodes
        ),
        ways=tuple(
            replace(
                way,
                way_id=way.way_id + ways,
                node_ids=tuple(node + nodes for node in way.node_ids),
            )
            for way in city.ways
        ),
        relations=tuple(
            replace(
                one,
                relation_id=one.relation_id + relations,
                way_ids=tuple(way + ways for way in one.way_ids),
            )
            for one in city.relations
        ),
    )
