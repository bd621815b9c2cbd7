"""What tests of map matching share."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.dispatch.roads.map_matching.valhalla_service import Service


@pytest.fixture
def service() -> Iterator[Service]:
    one = Service()
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield one
    one.may_answer.set()
    one.shutdown()
    thread.join()
    one.server_close()
