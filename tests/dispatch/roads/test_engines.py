"""Which engine answers, and what a map version keeps of its preparation."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import ORDER_FILE, best_engine, load_engine, save_order
from dispatch.roads.errors import MapCheckFailed
from dispatch.roads.hierarchy import HierarchyEngine, HierarchyPaths
from dispatch.roads.importing.checking import check_version
from dispatch.roads.network import RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import DijkstraEngine, PathEngine
from dispatch.roads.versions import MapVersion


def some_durations(network: RoadNetwork, engine: PathEngine) -> Floats:
    edges = network.strong_edges[:: len(network.strong_edges) // 30]
    return EdgePaths(network, network.edge_duration_ms, engine).durations_ms(edges, edges)


def test_an_order_that_was_kept_gives_the_answers_of_a_fresh_one(version: MapVersion) -> None:
    network = RoadNetwork.load(version.folder)
    kept, fresh = load_engine(network, version.folder), best_engine(network)
    assert isinstance(kept, HierarchyEngine)
    assert isinstance(fresh, HierarchyEngine)
    assert kept.order().tolist() == np.load(version.folder / ORDER_FILE).tolist()
    assert some_durations(network, kept).tolist() == some_durations(network, fresh).tolist()


@pytest.mark.parametrize("harm", ["cut", "repeated", "shorter", "text", "gone"])
def test_an_order_of_no_use_is_found_anew(
    version: MapVersion, tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = copytree(version.folder, tmp_path / "version")
    file, order = folder / ORDER_FILE, np.load(version.folder / ORDER_FILE)
    match harm:
        case "cut":
            file.write_bytes(file.read_bytes()[:-7])
        case "repeated":
            np.save(file, np.zeros_like(order))
        case "shorter":
            np.save(file, order[:-1])
        case "text":
            file.write_text("no array")
        case "gone":
            file.unlink()
    network = RoadNetwork.load(folder)
    durations = some_durations(network, load_engine(network, folder))
    assert [record.message for record in caplog.records] == (
        [] if harm == "gone" else ["a map's order is of no use"]
    )
    judged = some_durations(network, DijkstraEngine(network.turns))
    assert durations.tolist() == judged.tolist()


def test_without_the_package_dijkstra_answers_and_nothing_is_kept(
    version: MapVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dispatch.roads.hierarchy", None)
    network = RoadNetwork.load(version.folder)
    assert isinstance(load_engine(network, version.folder), DijkstraEngine)
    save_order(best_engine(network), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_errs_fails_the_check_of_a_map(
    version: MapVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = HierarchyPaths.durations_ms
    monkeypatch.setattr(
        HierarchyPaths, "durations_ms", lambda paths, *ends: right(paths, *ends) + 1
    )
    with pytest.raises(MapCheckFailed, match="not the fastest"):
        check_version(version.folder)


def test_many_places_to_few_are_answered_as_few_to_many(version: MapVersion) -> None:
    network = RoadNetwork.load(version.folder)
    weights = network.turns.weights_ms(network.edge_duration_ms)
    chance = np.random.default_rng(3)
    many, few = (chance.choice(network.strong_edges, size) for size in (60, 3))
    judge = DijkstraEngine(network.turns).paths(weights)
    paths = best_engine(network).paths(weights)
    assert np.array_equal(paths.durations_ms(many, few), judge.durations_ms(many, few))
    assert np.array_equal(paths.durations_ms(few, many), judge.durations_ms(few, many))
