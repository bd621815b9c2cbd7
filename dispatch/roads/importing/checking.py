"""A map version is used only after it has answered as it will be asked."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import load_engine
from dispatch.roads.errors import MapCheckFailed
from dispatch.roads.importing.basemap import BASEMAP_FILE, MAX_ZOOM
from dispatch.roads.importing.pmtiles import Archive
from dispatch.roads.network import LatLon, RoadNetwork
from dispatch.roads.places import load_places
from dispatch.roads.road_names import RoadNames
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.shortest import DijkstraEngine, PathEngine
from dispatch.roads.versions import read_manifest

_EDGES_ASKED = 20
LEAST_STRONG_SHARE = 0.5
"""Below this share of connected roads a file is a fragment rather than a map."""

# What NumPy, JSON, gzip and the directory reader raise on bytes that aren't theirs.
_UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
    BadZipFile,
    zlib.error,
)


def check_version(folder: Path) -> None:
    """Raises MapCheckFailed where a finished version can't be read or doesn't answer."""
    try:
        manifest = read_manifest(folder)
        network = RoadNetwork.load(folder)
        load_places(folder)
        RoadNames.load(folder)
        archive = Archive(folder / BASEMAP_FILE)
        tiles = sum(1 for tile in archive.tiles() if tile)
    except _UNREADABLE as problem:
        raise MapCheckFailed(f"The imported map can't be read back ({problem}).") from problem
    if manifest.strong_share < LEAST_STRONG_SHARE:
        raise MapCheckFailed(
            f"Only {manifest.strong_share:.0%} of the roads are connected: the file is a fragment."
        )
    if tiles == 0 or archive.max_zoom != MAX_ZOOM:
        raise MapCheckFailed("The basemap holds no tiles at its deepest zoom.")
    engine = load_engine(network, folder)
    _check_route(network, engine)
    _check_engine(network, engine)


def _check_engine(network: RoadNetwork, engine: PathEngine) -> None:
    """Durations between edges from all over the network, as Dijkstra's search finds them too."""
    connected = network.strong_edges
    edges = connected[np.linspace(0, len(connected) - 1, _EDGES_ASKED).astype(np.int64)]
    told, judged = (
        EdgePaths(network, network.edge_duration_ms, one).durations_ms(edges, edges)
        for one in (engine, DijkstraEngine(network.turns))
    )
    if not np.array_equal(told, judged):
        raise MapCheckFailed("The fastest paths across the imported map are not the fastest.")


def _check_route(network: RoadNetwork, engine: PathEngine) -> None:
    """A route from the southernmost to the northernmost connected junction."""
    strong = np.flatnonzero(network.strong_nodes)
    south = strong[network.node_lat[strong].argmin()]
    north = strong[network.node_lat[strong].argmax()]
    ends: list[LatLon] = [
        (float(network.node_lat[node]), float(network.node_lon[node])) for node in (south, north)
    ]
    route = RoadTravelTimes(network, engine=engine).route(*ends)
    if not 0 < route.distance_m < float("inf"):
        raise MapCheckFailed("No route can be driven across the imported map.")
