"""Rows of routes: the compiled search, SciPy's on a cut of the graph, and SciPy's on all of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch.roads.map_matching.compiled_rows import CompiledRows
from dispatch.roads.map_matching.dijkstra_rows import DijkstraRows
from dispatch.roads.map_matching.route_rows import Rows, compiled_rows, length_graph
from dispatch.roads.network import RoadNetwork
from dispatch.roads.versions import MapVersion

SEED = 20261122
Row = list[tuple[int, int]]
"""(state, decimetres), ascending."""

STATES = 12
NUMBERS = st.integers(0, STATES - 1)
LENGTHS_DM = st.one_of(st.integers(1, 40), st.integers(1, 3000))
ARCS = st.dictionaries(st.tuples(NUMBERS, NUMBERS), LENGTHS_DM, min_size=1, max_size=40)
ASKED = st.dictionaries(NUMBERS, st.integers(0, 9000), min_size=1)


def by_edge(found: Iterator[Rows]) -> dict[int, Row]:
    told: dict[int, Row] = {}
    for rows in found:
        pairs = list(zip(rows.state.tolist(), rows.length_dm.tolist(), strict=True))
        ends = np.cumsum(rows.count)
        for edge, begin, end in zip(rows.edge, ends - rows.count, ends, strict=True):
            told[int(edge)] = pairs[begin:end]
    return told


def expected(graph: csr_array, root: int, bound_dm: int) -> Row:
    length = dijkstra(graph, indices=root)
    return [(int(state), int(length[state])) for state in np.flatnonzero(length <= bound_dm)]


@settings(deadline=None)  # the first one compiles
@given(ARCS, ASKED, st.integers(1, 30))
def test_rows_of_any_graph_are_those_of_dijkstra(
    arcs: dict[tuple[int, int], int], asked: dict[int, int], at_once: int
) -> None:
    ends = np.array(list(arcs)).T
    shape = (STATES, STATES)
    graph = csr_array((np.array(list(arcs.values()), float), tuple(ends)), shape=shape)
    search = CompiledRows(None, graph, at_once=at_once)
    roots, bounds = np.array(list(asked)), np.array(list(asked.values()))
    for _ in range(2):  # what a search leaves behind must not disturb the next
        told = by_edge(search.rows(roots, bounds / 10))
        assert told == {root: expected(graph, root, bound) for root, bound in asked.items()}


@pytest.fixture(scope="module")
def city_network(version: MapVersion) -> RoadNetwork:
    return RoadNetwork.load(version.folder)


def test_both_searches_find_the_same_rows_in_a_city(city_network: RoadNetwork) -> None:
    graph = length_graph(city_network)
    chance = np.random.default_rng(SEED)
    print(f"seed {SEED}")
    roots = np.sort(chance.choice(city_network.edge_count, 300, replace=False))
    bounds = chance.choice([400.0, 500.0, 1500.0], len(roots))
    compiled, cut = (
        by_edge(search(city_network, graph).rows(roots, bounds))
        for search in (CompiledRows, DijkstraRows)
    )
    assert compiled == cut
    assert sum(map(len, cut.values())) > 10 * len(roots)


def test_where_nothing_can_be_compiled_scipy_searches(
    city_network: RoadNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = length_graph(city_network)
    assert isinstance(compiled_rows(city_network, graph), CompiledRows)
    monkeypatch.setitem(sys.modules, "dispatch.roads.map_matching.compiled_rows", None)
    assert isinstance(compiled_rows(city_network, graph), DijkstraRows)
