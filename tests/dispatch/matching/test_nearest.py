"""The nearest places of a layer, however few ask and however they are looked for."""

import numpy as np
import pytest

from dispatch.matching.nearest import NOBODY, Places


@pytest.mark.parametrize("seed", range(4))
def test_few_origins_get_the_places_that_many_do(seed: int) -> None:
    chance = np.random.default_rng(seed)
    points, layers = chance.uniform(0, 10_000, (200, 2)), chance.integers(0, 12, 200)
    numbers = chance.permutation(1_000)[:200]
    origins, of = chance.uniform(0, 10_000, (60, 2)), chance.integers(0, 13, 60)
    together = Places(points, layers, numbers).nearest(origins, of, 20)
    for begin in range(0, 60, 10):
        some = slice(begin, begin + 10)
        few = Places(points, layers, numbers).nearest(origins[some], of[some], 20)
        assert few.tolist() == together[some].tolist()
    apart = np.hypot(*np.moveaxis(origins[:, None, :] - points[None, :, :], 2, 0))
    for row, layer in enumerate(of.tolist()):
        there = np.flatnonzero(layers == layer)
        nearest = numbers[there[np.argsort(apart[row, there])]][:20].tolist()
        assert together[row].tolist() == nearest + [NOBODY] * (20 - len(nearest))
