"""Circles as fences."""

import pytest

from tests.tracking.tracks import HOME, place
from tracking.fences import Circle, inside, within


def test_a_circle_holds_what_is_nearer_than_its_radius() -> None:
    assert within(*place(0, 49), HOME, 50)
    assert not within(*place(0, 51), HOME, 50)
    assert inside(*HOME, Circle(*HOME, 1))


def test_a_circle_without_a_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Circle(*HOME, 0)
