"""One invented city for all tests of the demo: making it takes seconds."""

from __future__ import annotations

import pytest

from demo.city import City, generate


@pytest.fixture(scope="session")
def city() -> City:
    return generate(seed=7)
