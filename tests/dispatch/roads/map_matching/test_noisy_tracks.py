"""Map matching of tracks with a known truth: invented noise on real and invented roads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.map_matching.dijkstra_rows import DijkstraRows
from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.track import MatchedTrack
from dispatch.roads.network import RoadNetwork
from dispatch.roads.versions import MapVersion
from loadtests.noisy_tracks import Driven, Journeys
from tests.dispatch.roads.map_matching.drawn import permitted
from tests.dispatch.roads.test_real_extract import HARBIN

SEED = 20261122
SEEN = [(10.0, 5.0), (10.0, 15.0), (30.0, 10.0), (60.0, 10.0)]
"""A position every so many seconds, with noise of so many metres on each axis."""


def drives(network: RoadNetwork, count: int) -> Iterator[tuple[str, list[Driven]]]:
    print(f"seed {SEED}")
    chance, journeys = np.random.default_rng(SEED), Journeys(network)
    ways = journeys.ways(count, chance)
    for every_s, noise_m in SEEN:
        yield (
            f"every {every_s} s, {noise_m} m",
            [journeys.seen(way, every_s=every_s, noise_m=noise_m, chance=chance) for way in ways],
        )


def median_error(matched: list[MatchedTrack], driven: list[Driven]) -> float:
    pairs = zip(matched, driven, strict=True)
    return float(np.median([abs(m.length_m - d.length_m) / d.length_m for m, d in pairs]))


@pytest.fixture(scope="module")
def city_network(version: MapVersion) -> RoadNetwork:
    return RoadNetwork.load(version.folder)


def lengths_hold(network: RoadNetwork, count: int) -> None:
    matcher = MapMatcher(network)
    for name, driven in drives(network, count):
        matched = matcher.match_all([one.track for one in driven])
        assert median_error(matched, driven) < 0.01, name
        assert all(permitted(network, piece) for one in matched[:5] for piece in one.pieces)


def test_lengths_in_the_invented_city_are_within_a_hundredth(city_network: RoadNetwork) -> None:
    lengths_hold(city_network, 40)


@pytest.mark.skipif(not HARBIN.is_file(), reason="the extract is not beside the project")
def test_lengths_in_a_real_city_are_within_a_hundredth() -> None:
    shown = pass_gate(read_extract(HARBIN))
    lengths_hold(build_network(shown.lines, shown.restrictions, shown.barriers), 24)


def told(matched: MatchedTrack) -> list[tuple[list[int], list[float], list[float]]]:
    return [
        (piece.edges.tolist(), piece.along_m.tolist(), piece.confidence.round(9).tolist())
        for piece in matched.pieces
    ]


def test_the_answer_hangs_on_neither_company_nor_earlier_questions_nor_the_search(
    city_network: RoadNetwork,
) -> None:
    _, driven = next(drives(city_network, 12))
    tracks = [one.track for one in driven]
    together = MapMatcher(city_network)
    expected = [told(one) for one in together.match_all(tracks)]
    assert [told(one) for one in together.match_all(tracks[::-1])] == expected[::-1]
    assert [told(MapMatcher(city_network).match(one)) for one in tracks] == expected
    forgetful = MapMatcher(city_network, most_entries=1, search_on=DijkstraRows)
    assert [told(forgetful.match(one)) for one in tracks] == expected
