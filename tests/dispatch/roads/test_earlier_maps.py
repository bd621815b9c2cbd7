"""A map imported before rules for turning were read stays in use, without them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dispatch.roads.engines import load_engine
from dispatch.roads.network import NETWORK_FILE, RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.versions import MapVersion

_OF_TURNING = {"edge_through", "node_open", "ban_start", "ban_edge"}


def test_an_earlier_map_is_read_and_driven(version: MapVersion, tmp_path: Path) -> None:
    with np.load(version.folder / NETWORK_FILE) as arrays:
        earlier = {name: arrays[name] for name in arrays.files if name not in _OF_TURNING}
        assert set(arrays.files) - set(earlier) == _OF_TURNING
    np.savez_compressed(tmp_path / NETWORK_FILE, allow_pickle=False, **earlier)
    network = RoadNetwork.load(tmp_path)
    assert network.banned_runs == []
    assert network.node_open.all()
    assert network.edge_through.all()
    travel = RoadTravelTimes(network, engine=load_engine(network, tmp_path))
    ends = [(float(network.node_lat[node]), float(network.node_lon[node])) for node in (0, -1)]
    assert travel.route(*ends).distance_m > 0
