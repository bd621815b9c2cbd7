"""Contraction hierarchies against SciPy's Dijkstra on whole cities, by random routes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import best_engine
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.network import RoadNetwork
from dispatch.roads.shortest import DijkstraEngine
from dispatch.roads.versions import MapVersion
from tests.dispatch.roads.hand_made import PlainJudge
from tests.dispatch.roads.test_real_extract import HARBIN

SEED = 20261122


def permitted_turns(network: RoadNetwork) -> set[tuple[int, int]]:
    """Pairs of edges that may follow one another, by what the network says of its nodes."""
    leaving: dict[int, list[int]] = {}
    for edge, start in enumerate(network.edge_from.tolist()):
        leaving.setdefault(start, []).append(edge)
    pairs = {
        (edge, after)
        for edge, end in enumerate(network.edge_to.tolist())
        for after in leaving.get(end, ())
        if network.node_open[end] or network.edge_twin[edge] == after
    }
    return pairs - set(network.banned_runs)


def agree_on_random_routes(network: RoadNetwork, *, sources: int, targets: int) -> None:
    """Durations equal, paths that take them by permitted turns, lengths those of the paths."""
    print(f"seed {SEED}")
    chance, judge = np.random.default_rng(SEED), PlainJudge(network)
    edges = network.edge_count
    starts, ends = (np.sort(chance.choice(edges, count)) for count in (sources, targets))
    ours = EdgePaths(network, network.edge_duration_ms, best_engine(network))
    judged = EdgePaths(network, network.edge_duration_ms, DijkstraEngine(network.turns))
    searched_ms = ours.durations_ms(starts, ends)
    # From now on tables answer.
    ours.make_ready()
    durations_ms = ours.durations_ms(starts, ends)
    assert durations_ms.tolist() == searched_ms.tolist()
    assert durations_ms.tolist() == judged.durations_ms(starts, ends).tolist()
    lengths_dm = ours.lengths_dm(starts, ends, durations_ms)
    told, turns = 0, permitted_turns(network)
    for row, column in np.ndindex(durations_ms.shape):
        way = ours.path(int(starts[row]), int(ends[column]))
        if not way:
            assert durations_ms[row, column] == np.inf
            continue
        assert set(pairwise(way)) <= turns
        assert judge.took_ms(tuple(way)) == durations_ms[row, column]
        if np.isfinite(lengths_dm[row, column]):
            told += 1
            assert network.edge_length_dm[way[:-1]].sum() >= lengths_dm[row, column]
    assert told > 0.9 * np.isfinite(durations_ms).sum()


def test_on_the_invented_city(version: MapVersion) -> None:
    agree_on_random_routes(RoadNetwork.load(version.folder), sources=20, targets=20)


@pytest.mark.skipif(not HARBIN.is_file(), reason="the extract is not beside the project")
def test_a_thousand_routes_in_a_real_city() -> None:
    shown = pass_gate(read_extract(HARBIN))
    network = build_network(shown.lines, shown.restrictions, shown.barriers)
    assert len(network.banned_runs) >= 5
    agree_on_random_routes(network, sources=25, targets=40)
