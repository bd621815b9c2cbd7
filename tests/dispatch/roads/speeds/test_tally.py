"""Traversals added up: in any order the same, bounded, and withheld where too few have driven."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roads.speeds.tally import LEAST_VEHICLES, MOST_OF_A_VEHICLE, Cells
from dispatch.roads.speeds.traversals import Traversals

CELLS = st.lists(st.tuples(st.integers(0, 5), st.integers(40, 300)), max_size=8)


def driven(*stretches: tuple[int, float]) -> Traversals:
    return Traversals(
        np.array([cell for cell, _ in stretches], dtype=np.int64),
        np.array([float(pace) for _, pace in stretches]),
        np.full(len(stretches), 100.0),
    )


def told(cells: Cells) -> list[tuple[int, int, float, int]]:
    columns = (cells.cell, cells.count, cells.pace_sum_s_km.round(6), cells.vehicles)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_vehicle_counts_once_for_a_cell_however_often_it_comes_by() -> None:
    cells = Cells.of_vehicle([driven((7, 90), (7, 110)), driven((7, 100), (9, 50))])
    assert told(cells) == [(7, 3, 300, 1), (9, 1, 50, 1)]


def test_one_who_drives_up_and_down_all_day_counts_as_once_a_week() -> None:
    often = Cells.of_vehicle([driven(*[(7, 200)] * 40)])
    others = [Cells.of_vehicle([driven((7, 100))]) for _ in range(2)]
    cells = Cells.together([often, *others])
    assert told(cells) == [(7, 42, 4 * 200 + 2 * 100, 3)]
    assert cells.weight.tolist() == [MOST_OF_A_VEHICLE + 2]
    assert cells.shareable().weight.tolist() == cells.weight.tolist()


def test_one_who_stood_there_and_one_who_flew_count_within_bounds() -> None:
    assert told(Cells.of_vehicle([driven((1, 5_000), (2, 3))])) == [(1, 1, 400, 1), (2, 1, 30, 1)]


@given(st.lists(CELLS, max_size=6))
def test_the_sum_is_the_same_in_any_order_and_grouping(fleet: list[list[tuple[int, int]]]) -> None:
    vehicles = [Cells.of_vehicle([driven(*stretches)]) for stretches in fleet]
    at_once = told(Cells.together(vehicles))
    step = Cells.none()
    for vehicle in reversed(vehicles):
        step = Cells.together([vehicle, step])
    assert told(step) == at_once
    assert sum(count for _, count, _, _ in at_once) == sum(map(len, fleet))


@given(st.lists(CELLS, max_size=6))
def test_nothing_that_too_few_have_driven_is_kept(fleet: list[list[tuple[int, int]]]) -> None:
    kept = Cells.together(Cells.of_vehicle([driven(*one)]) for one in fleet).shareable()
    by = {n: sum(n in {cell for cell, _ in one} for one in fleet) for n in range(6)}
    assert kept.cell.tolist() == [n for n in range(6) if by[n] >= LEAST_VEHICLES]
    assert kept.vehicles.tolist() == [by[n] for n in kept.cell.tolist()]
