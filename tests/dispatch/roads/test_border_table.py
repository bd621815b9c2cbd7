"""Durations by borders between parts of the graph equal those of Dijkstra's search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.roads.border_table import BorderTable
from dispatch.roads.engines import best_engine
from dispatch.roads.hierarchy import HierarchyEngine, HierarchyPaths
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.partition import NO_PART, cut
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import DijkstraEngine
from dispatch.roads.versions import MapVersion
from tests.dispatch.roads.test_shortest_paths import networks

SEED = 7


def order_of(network: RoadNetwork) -> Ints:
    engine = best_engine(network)
    assert isinstance(engine, HierarchyEngine)
    return engine.order()


@given(network=networks(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_borders_give_the_durations_of_a_search(
    network: RoadNetwork, data: st.DataObject
) -> None:
    graph = network.turns
    weights = graph.weights_ms(network.edge_duration_ms)
    judge = DijkstraEngine(graph).paths(weights)
    partition = cut(graph, order_of(network), data.draw(st.integers(0, graph.state_count)))
    table = BorderTable(partition, weights, judge.durations_ms)
    states = np.arange(graph.state_count)
    assert (
        table.durations_ms(states, states).tolist() == judge.durations_ms(states, states).tolist()
    )


def test_no_turn_leads_from_one_part_into_another(version: MapVersion) -> None:
    network = RoadNetwork.load(version.folder)
    graph = network.turns
    partition = cut(graph, order_of(network))
    assert len(partition.parts) > 10
    before, after = partition.part[graph.arc_from], partition.part[graph.arc_to]
    assert ((before == after) | (before == NO_PART) | (after == NO_PART)).all()
    assert (partition.part[partition.borders] == NO_PART).all()


def test_searches_are_left_for_pairs_within_a_part(version: MapVersion) -> None:
    print(f"seed {SEED}")
    network = RoadNetwork.load(version.folder)
    weights = network.turns.weights_ms(network.edge_duration_ms)
    judge = DijkstraEngine(network.turns).paths(weights)
    partition = cut(network.turns, order_of(network))
    searched: list[tuple[Ints, Ints]] = []

    def search(sources: Ints, targets: Ints) -> Floats:
        searched.append((sources, targets))
        return judge.durations_ms(sources, targets)

    table = BorderTable(partition, weights, search)
    searched.clear()
    chance = np.random.default_rng(SEED)
    sources, targets = (chance.choice(network.strong_edges, size) for size in (70, 40))
    durations_ms = table.durations_ms(sources, targets)
    assert durations_ms.tolist() == judge.durations_ms(sources, targets).tolist()
    assert searched
    for some, others in searched:
        assert len({*partition.part[some].tolist(), *partition.part[others].tolist()}) == 1


@pytest.mark.parametrize("most_states", [10, 100_000], ids=["too large for parts", "in parts"])
def test_paths_made_ready_answer_many_pairs_as_before(
    version: MapVersion, monkeypatch: pytest.MonkeyPatch, most_states: int
) -> None:
    monkeypatch.setattr("dispatch.roads.hierarchy.MOST_STATES", most_states)
    network = RoadNetwork.load(version.folder)
    weights = network.turns.weights_ms(network.edge_duration_ms)
    engine = best_engine(network)
    assert isinstance(engine, HierarchyEngine)
    paths = engine.paths(weights)
    assert isinstance(paths, HierarchyPaths)
    edges = network.strong_edges[:: len(network.strong_edges) // 30]
    before = paths.durations_ms(edges, edges)
    paths.make_ready()
    assert (engine.partition is None) == (most_states == 10)
    assert paths.durations_ms(edges, edges).tolist() == before.tolist()
