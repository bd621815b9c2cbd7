"""Fixtures that every test may ask for."""

import pytest

from tests.support.waiting import in_one_day

pytest_plugins = ["tests.support.servers", "tests.support.seeded", "tests.support.kernel"]

_LONGER_THAN_A_TEST_S = 30.0


@pytest.fixture(autouse=True)
def _within_one_day() -> None:
    """Begin no test shortly before midnight: its tomorrow would be another day in its middle."""
    in_one_day(_LONGER_THAN_A_TEST_S)
