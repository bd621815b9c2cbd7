"""Fastest paths against a plain judge, on networks drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import best_engine
from dispatch.roads.errors import NoRoadsInMap
from dispatch.roads.hierarchy import HierarchyEngine
from dispatch.roads.importing.building import build_network
from dispatch.roads.network import RoadNetwork
from dispatch.roads.shortest import DijkstraEngine, PathEngine
from tests.dispatch.roads.hand_made import PlainJudge, line

HIGHWAYS = ("trunk", "secondary", "residential", "service")
ONEWAYS = ("yes", "no", "-1")
ACCESS = ("yes", "yes", "destination")

ENGINES: list[Callable[[RoadNetwork], PathEngine]] = [
    best_engine,
    lambda network: DijkstraEngine(network.turns),
]


@st.composite
def networks(draw: st.DrawFn) -> RoadNetwork:
    size = draw(st.integers(2, 6))
    degrees = st.floats(0, 0.05)
    where = {node: (43.3 + draw(degrees), 114.6 + draw(degrees)) for node in range(1, size + 1)}
    ends = st.lists(st.integers(1, size), min_size=2, max_size=4)
    tags = st.tuples(*(st.sampled_from(values) for values in (HIGHWAYS, ONEWAYS, ACCESS)))
    ways = draw(st.lists(st.tuples(ends, tags), min_size=1, max_size=6))
    network = build_network(
        (
            line(number, nodes, where, highway=highway, oneway=oneway, access=access)
            for number, (nodes, (highway, oneway, access)) in enumerate(ways)
        ),
        barriers=frozenset(draw(st.lists(st.integers(1, size), max_size=2))),
    )
    runs = _some_runs(draw, network)
    return replace(
        network,
        ban_start=np.cumsum([0, *map(len, runs)], dtype=np.int64),
        ban_edge=np.array([edge for run in runs for edge in run], dtype=np.int64),
    )


def _some_runs(draw: st.DrawFn, network: RoadNetwork) -> list[tuple[int, ...]]:
    """Runs that a journey might drive, to be banned."""
    runs = set()
    for _ in range(draw(st.integers(0, 6))):
        run = [draw(st.integers(0, network.edge_count - 1))]
        for _ in range(draw(st.integers(1, 3))):
            onward = np.flatnonzero(network.edge_from == network.edge_to[run[-1]]).tolist()
            if onward:
                run.append(draw(st.sampled_from(onward)))
        if len(run) > 1:
            runs.add(tuple(run))
    return sorted(runs)


def test_the_engine_of_choice_is_the_hierarchy() -> None:
    where = {1: (43.3, 114.6), 2: (43.31, 114.6)}
    assert isinstance(best_engine(build_network([line(1, [1, 2], where)])), HierarchyEngine)


@pytest.mark.parametrize("engine", ENGINES, ids=["hierarchy", "dijkstra"])
@given(network=networks())
@settings(max_examples=40, deadline=None)
def test_durations_equal_those_of_a_plain_judge(
    engine: Callable[[RoadNetwork], PathEngine], network: RoadNetwork
) -> None:
    paths = EdgePaths(network, network.edge_duration_ms, engine(network))
    edges, judge = np.arange(network.edge_count), PlainJudge(network)
    durations = paths.durations_ms(edges, edges)
    for source in edges[:4].tolist():
        assert durations[source].tolist() == judge.durations_ms(source)


@pytest.mark.parametrize("engine", ENGINES, ids=["hierarchy", "dijkstra"])
@given(network=networks())
@settings(max_examples=40, deadline=None)
def test_a_path_keeps_every_rule_and_takes_its_duration(
    engine: Callable[[RoadNetwork], PathEngine], network: RoadNetwork
) -> None:
    paths = EdgePaths(network, network.edge_duration_ms, engine(network))
    edges, judge = np.arange(network.edge_count), PlainJudge(network)
    durations = paths.durations_ms(edges, edges)
    for source in edges[:4].tolist():
        told = [(paths.path(source, to), to, durations[source, to]) for to in edges.tolist()]
        told.append((paths.path_around(source), source, paths.around_ms(source)))
        for way, target, duration_ms in told:
            if way:
                assert (way[0], way[-1]) == (source, target)
                assert judge.journey_ms(tuple(way)) == duration_ms
            else:
                assert duration_ms == np.inf


@given(networks())
@settings(deadline=None)
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
