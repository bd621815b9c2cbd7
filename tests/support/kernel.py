"""The sharing kernel, compiled: a system that just started refuses shared rides until it is."""

import subprocess
import sys

import pytest

from dispatch.kept_code import is_whole


@pytest.fixture(scope="session")
def sharing_kernel() -> None:
    """Compile it as the API would, once a checkout, and wait for that."""
    if not is_whole():
        subprocess.run([sys.executable, "-m", "dispatch.sharing.warming"], check=True)
