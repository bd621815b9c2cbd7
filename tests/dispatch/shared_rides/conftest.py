"""Rides are shared here by a kernel that is ready, unless a test says otherwise."""

import pytest


@pytest.fixture(autouse=True)
def _kernel_is_ready(sharing_kernel: None) -> None:
    """Every test may share rides."""
