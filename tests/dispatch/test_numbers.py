"""Numbers of a record as text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.suggestions.numbers import pack_floats, pack_whole, unpack_floats, unpack_whole


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_whole_numbers_come_back_as_they_were(told: list[int]) -> None:
    text = pack_whole(np.array(told, dtype=np.int64))
    assert unpack_whole(text).tolist() == told == unpack_whole(told).tolist()


@given(st.lists(st.floats(allow_nan=False)))
def test_floats_come_back_bit_by_bit(told: list[float]) -> None:
    numbers = np.array(told, dtype=np.float64)
    assert unpack_floats(pack_floats(numbers)).tobytes() == numbers.tobytes()


@pytest.mark.parametrize(("most", "octets"), [(255, 1), (256, 2), (65_536, 4)])
def test_as_few_bytes_are_taken_as_the_largest_needs(most: int, octets: int) -> None:
    kind, _, _ = pack_whole(np.array([0, most])).partition(":")
    assert np.dtype(kind).itemsize == octets
