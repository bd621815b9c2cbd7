"""Sparse assignment against SciPy's dense one, and against looking through everything."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from dispatch.matching.sparse import UNSERVED, Pairs, assign

DEAR = 10**7


def graph(cells: dict[tuple[int, int], int]) -> Pairs:
    keys = sorted(cells)
    rows, columns = (np.array([key[i] for key in keys], dtype=np.int64) for i in range(2))
    return Pairs(rows, columns, np.array([cells[key] for key in keys], dtype=np.int64))


def total(cells: dict[tuple[int, int], int], found: list[int]) -> int:
    return sum(DEAR if c == UNSERVED else cells[r, c] for r, c in enumerate(found))


CELLS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 30)), st.integers(0, 50), max_size=60
)


@given(CELLS)
def test_the_most_rows_are_served_and_then_at_the_least_cost(
    cells: dict[tuple[int, int], int],
) -> None:
    found = assign(graph(cells), 8).tolist()
    taken = [column for column in found if column != UNSERVED]
    assert len(set(taken)) == len(taken)
    dense = np.full((8, 31 + 8), DEAR)
    for (row, column), cost in cells.items():
        dense[row, column] = cost
    assert total(cells, found) == int(dense[linear_sum_assignment(dense)].sum())


@given(CELLS, st.sets(st.integers(0, 7)))
def test_rows_that_must_be_served_are_whatever_it_costs_the_others(
    cells: dict[tuple[int, int], int], must: set[int]
) -> None:
    cells = cells | {(row, 31 + row): 1000 for row in must}
    musts = np.isin(np.arange(8), list(must))
    found = assign(graph(cells), 8, musts)
    assert (found[musts] != UNSERVED).all()
    dense = np.full((8, 39 + 8), DEAR)
    for (row, column), cost in cells.items():
        dense[row, column] = cost
    dense[musts, 39:] = 100 * DEAR
    assert total(cells, found.tolist()) == int(dense[linear_sum_assignment(dense)].sum())


@pytest.mark.parametrize("seed", range(20))
def test_small_graphs_against_every_assignment(seed: int) -> None:
    chance = random.Random(seed)
    cells = {
        (r, c): chance.randint(0, 9)
        for r, c in product(range(4), range(4))
        if chance.random() < 0.6
    }
    options = [[UNSERVED, *(c for r2, c in cells if r2 == r)] for r in range(4)]
    best = min(
        total(cells, list(found))
        for found in product(*options)
        if len({c for c in found if c >= 0}) == sum(c >= 0 for c in found)
    )
    assert total(cells, assign(graph(cells), 4).tolist()) == best


def test_among_equals_the_lowest_columns_are_taken() -> None:
    cells = {(row, column): 5 for row in range(2) for column in range(9)}
    assert set(assign(graph(cells), 2).tolist()) == {0, 1}


def test_a_row_that_must_be_served_and_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="must be served"):
        assign(graph({}), 1, np.array([True]))


def test_costs_that_floats_could_not_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly"):
        assign(graph({(0, 0): 2**52}), 4)


@pytest.mark.parametrize("between", [0, 3])
def test_a_pair_given_twice_is_refused(between: int) -> None:
    columns = np.array([5, *range(between), 5], dtype=np.int64)
    twice = Pairs(np.zeros_like(columns), columns, np.arange(len(columns), dtype=np.int64))
    with pytest.raises(ValueError, match="given twice"):
        assign(twice, 1)


@pytest.mark.parametrize("seed", range(20))
def test_many_pairs_are_assigned_as_few_are(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(seed)
    rows, columns = np.nonzero(chance.random((30, int(chance.integers(10, 40)))) < 0.1)
    pairs = Pairs(rows, columns, chance.integers(0, 50, len(rows)))
    few = assign(pairs, 30)
    monkeypatch.setattr("dispatch.matching.sparse._FEW_PAIRS", 0)
    assert assign(pairs, 30).tolist() == few.tolist()


def test_thousands_that_compete_for_as_many_come_to_an_end() -> None:
    """Where all can be served, but hardly, SciPy's own matching of most rows was seen to hang."""
    chance = np.random.default_rng(7)
    requests, vehicles = chance.uniform(0, 30_000, (2, 5_000, 2))
    metres, columns = cKDTree(vehicles).query(requests, 32)
    rows = np.repeat(np.arange(5_000), 32)
    pairs = Pairs(rows, columns.ravel().astype(np.int64), np.rint(metres.ravel()).astype(np.int64))
    found = assign(pairs, 5_000, is_large=True)
    served = found[found >= 0]
    assert len(set(served.tolist())) == len(served) > 4_900
