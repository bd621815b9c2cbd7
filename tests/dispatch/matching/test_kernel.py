"""Compiled code for large batches gives the lists and costs that SciPy's way gives."""

import random
import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from dispatch.eligibility.columns import Choices
from dispatch.matching import batch, candidates
from dispatch.matching.batch import match_batch
from dispatch.matching.columns import Fleet
from dispatch.matching.kept_ways import KeptWays
from dispatch.matching.kernel.cheapest import cheapest
from dispatch.matching.kernel.shelves import CompiledShelves
from dispatch.matching.problem import Ints, Matching
from dispatch.matching.shelves import Fits, Shelves
from dispatch.matching.sparse import Pairs, assign
from dispatch.matching.weights import Weights
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.suggestions.rounds import Weighed, match_again, pack_round, unpack_round
from tests.dispatch.matching import worlds
from tests.dispatch.matching.worlds import AT, plain_vehicle

SEEDS = range(6)
FAR = 10**9


@pytest.fixture
def every_batch_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LARGE", 1)
    monkeypatch.setattr(candidates, "LARGE", 1)


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_matching_costs_what_the_dense_one_does(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = int(chance.integers(1, 60))
    columns = rows + int(chance.integers(0, 5))
    there = chance.random((rows, columns)) < chance.choice([0.2, 0.5, 0.9])
    cost = chance.integers(0, chance.choice([3, 50, 10**9]), (rows, columns))
    row, column = np.nonzero(there)
    starts = np.append(0, np.cumsum(np.bincount(row, minlength=rows)))
    found = cheapest(starts, column, cost[row, column], columns)
    dense = np.where(there, cost, FAR * 100)
    least = int(dense[linear_sum_assignment(dense)].sum())
    if least >= FAR * 100:
        assert found is None
        return
    assert found is not None
    assert len(set(found.tolist())) == rows
    assert int(dense[np.arange(rows), found].sum()) == least


def test_rows_that_outbid_each_other_by_ones_are_matched_all_the_same() -> None:
    """Three rows for two columns that are much the same, and one that is far dearer."""
    cost = np.array([[1, 2, 10**12], [2, 1, 10**12], [1, 1, 10**12]])
    found = cheapest(np.array([0, 3, 6, 9]), np.tile(np.arange(3), 3), cost.ravel(), 3)
    assert found is not None
    assert int(cost[np.arange(3), found].sum()) == 10**12 + 2


@pytest.mark.parametrize("is_large", [False, True])
def test_a_pair_given_twice_is_refused_in_either_way(is_large: bool) -> None:
    twice = Pairs(*(np.array(part, dtype=np.int64) for part in ([0, 0, 0], [5, 2, 5], [1, 2, 3])))
    with pytest.raises(ValueError, match="given twice"):
        assign(twice, 1, is_large=is_large)


@pytest.mark.parametrize("requests", [5, 60])
@pytest.mark.parametrize("seed", SEEDS)
def test_compiled_lists_are_those_of_the_trees(seed: int, requests: int) -> None:
    chance, sure = np.random.default_rng(seed), random.Random(seed)
    fleet = Fleet.of(worlds.vehicles(sure, 80))
    starts_m = chance.uniform(0, 10_000, (160, 2))
    starts_m[chance.random(160) < 0.1] = np.nan
    fits: list[Fits] = [
        (bool(group % 2), chance.random(80) < 0.7, chance.random(80) < 0.5) for group in range(4)
    ]
    origins = chance.uniform(0, 10_000, (requests, 2))
    units = chance.integers(0, len(fleet.unit_numbers) + 1, requests)
    groups = chance.integers(0, 4, requests)
    last_step, length = chance.integers(0, 4, requests), chance.choice([1, 3, 100], requests)

    def listed(shelves: Shelves) -> list[Ints]:
        return [
            part.tolist() for part in shelves.nearest(origins, units, groups, last_step, length)
        ]

    trees, compiled = (kind(fleet, starts_m, fits) for kind in (Shelves, CompiledShelves))
    assert listed(compiled) == listed(trees)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_of_vehicles_as_far_away_the_lowest_numbers_are_listed(length: int) -> None:
    """Those of the lowest numbers stand farthest east and west, and are looked at last."""
    starts_m = np.array([[5.0, 0.0], [-5.0, 0.0], [4.0, 3.0], [-3.0, 4.0], [0.0, 5.0]])
    fleet = Fleet.of([plain_vehicle(no) for no in range(1, 6)])
    everybody = np.ones(5, dtype=np.bool_)
    shelves = CompiledShelves(fleet, starts_m, [(False, everybody, everybody)])
    nobody, pool = np.array([len(fleet.unit_numbers)]), np.array([1])
    most = np.array([length])
    _, vehicles, _ = shelves.nearest(np.zeros((1, 2)), nobody, nobody * 0, pool, most)
    assert vehicles.tolist() == list(range(length))


def costs(matching: Matching) -> tuple[int, int]:
    return len(matching.matches), sum(match.cost.total_s for match in matching.matches)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_costs_the_same_either_way(seed: int, request: pytest.FixtureRequest) -> None:
    chance = random.Random(seed)
    vehicles, waiting = worlds.vehicles(chance, 90), worlds.waiting(chance, 60)
    weights = Weights(nearest=chance.choice((1, 3, 8)))
    small = match_batch(waiting, vehicles, AT, StraightLineTravelTimes(), weights)
    request.getfixturevalue("every_batch_large")
    large = match_batch(waiting, vehicles, AT, StraightLineTravelTimes(), weights)
    assert small.matches, "there is something to match"
    assert costs(large) == costs(small)


@pytest.mark.usefixtures("every_batch_large")
def test_a_large_round_that_was_kept_is_matched_to_the_same_again() -> None:
    chance = random.Random(4)
    choices, asked = Choices.of(worlds.vehicles(chance, 60)), worlds.waiting(chance, 40)
    ways, weights = KeptWays(StraightLineTravelTimes()), Weights()
    matching = match_batch(asked, choices, AT, ways, weights)
    kept = pack_round(Weighed(asked, choices, AT, weights, ways.ways(), str(ways.label)))
    assert match_again(unpack_round(kept.content, kept.sha256)) == matching
    assert matching.matches


def test_who_matches_no_large_batch_does_not_load_the_compiler() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, dispatch.matching.batch; print('numba' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"
