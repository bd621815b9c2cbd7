"""Fastest paths against a plain judge, on networks drawn at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roads.building import build_network
from dispatch.roads.errors import NoRoadsInMap
from dispatch.roads.network import RoadNetwork
from dispatch.roads.shortest import ShortestPaths
from tests.dispatch.roads.hand_made import line, slow_durations_s

HIGHWAYS = ("trunk", "secondary", "residential", "service")
ONEWAYS = ("yes", "no", "-1")


@st.composite
def networks(draw: st.DrawFn) -> RoadNetwork:
    size = draw(st.integers(2, 12))
    degrees = st.floats(0, 0.05)
    where = {node: (43.3 + draw(degrees), 114.6 + draw(degrees)) for node in range(1, size + 1)}
    ends = st.lists(st.integers(1, size), min_size=2, max_size=5)
    ways = draw(
        st.lists(
            st.tuples(ends, st.sampled_from(HIGHWAYS), st.sampled_from(ONEWAYS)),
            min_size=1,
            max_size=12,
        )
    )
    return build_network(
        line(number, nodes, where, highway=highway, oneway=oneway)
        for number, (nodes, highway, oneway) in enumerate(ways)
    )


@given(networks())
def test_durations_equal_those_of_a_plain_judge(network: RoadNetwork) -> None:
    sources = np.arange(network.node_count)
    forest = ShortestPaths(network).forest(sources)
    for source in sources.tolist():
        assert forest.duration_s[source] == pytest.approx(slow_durations_s(network, source))


@given(networks())
def test_a_path_is_connected_and_sums_to_its_duration_and_length(network: RoadNetwork) -> None:
    paths = ShortestPaths(network)
    nodes = np.arange(network.node_count)
    forest = paths.forest(nodes)
    lengths = paths.lengths_m(forest, nodes)
    for source, target in zip(*np.nonzero(np.isfinite(forest.duration_s)), strict=True):
        edges = paths.path(forest, int(source), int(target))
        stations = [int(source), *(int(network.edge_to[edge]) for edge in edges)]
        assert stations[-1] == target
        assert [int(network.edge_from[edge]) for edge in edges] == stations[:-1]
        assert sum(network.edge_duration_s[edges]) == pytest.approx(
            forest.duration_s[source, target]
        )
        assert sum(network.edge_length_m[edges]) == pytest.approx(lengths[source, target])


@given(networks())
def test_twins_are_each_other_s_way_back(network: RoadNetwork) -> None:
    for edge, twin in enumerate(network.edge_twin.tolist()):
        if twin >= 0:
            assert network.edge_twin[twin] == edge
            assert network.edge_from[twin] == network.edge_to[edge]
            assert network.line(twin)[0].tolist() == network.line(edge)[0][::-1].tolist()


def test_a_map_of_footways_has_no_network() -> None:
    where = {1: (43.3, 114.6), 2: (43.31, 114.6)}
    with pytest.raises(NoRoadsInMap):
        build_network([line(1, [1, 2], where, highway="footway")])
