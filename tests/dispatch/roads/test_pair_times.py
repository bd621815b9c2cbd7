"""The ways of some pairs by road: tiles of requests answer as one matrix of all would."""

from pathlib import Path
from random import Random

import numpy as np

from dispatch.matching.pair_times import TILE, PlacedPairs, pair_times
from dispatch.roads.travel_times import load_travel_times
from dispatch.roads.versions import MapVersion

SEED = 5


def test_pairs_on_roads_take_as_long_as_in_one_matrix_of_all(
    version: MapVersion,  # the map in use
    maps_dir: Path,
) -> None:
    travel_times, random = load_travel_times(maps_dir), Random(SEED)
    points = [
        (random.uniform(43.265, 43.335), random.uniform(114.54, 114.66)) for _ in range(3 * TILE)
    ]
    vehicles, requests = points[:TILE], points[TILE:]
    pairs = sorted({(random.randrange(TILE), random.randrange(2 * TILE)) for _ in range(300)})
    at, to = np.array(pairs).T
    seconds, metres = pair_times(
        PlacedPairs(np.array(vehicles), np.array(requests), at, to), travel_times
    )
    all_seconds, all_metres = travel_times.matrix(vehicles, requests)
    assert travel_times.label == "roads"
    assert np.isfinite(seconds).sum() > 250
    np.testing.assert_allclose(seconds, all_seconds[at, to])
    np.testing.assert_allclose(metres, all_metres[at, to])
