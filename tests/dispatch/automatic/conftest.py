"""An auto-dispatcher over the office's database, and what an organisation says about it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from dispatch.automatic.state import Bounds
from dispatch.automatic.worker import AutoDispatcher
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.suggestions.weighing import Sources
from kit.clock import utc_now
from kit.database import Sessions
from tests.dispatch.office import Office

LEASE = timedelta(seconds=15)
Made = Callable[..., AutoDispatcher]


def straight() -> Sources:
    return Sources(StraightLineTravelTimes())


@pytest.fixture
def dispatcher(sessions: Sessions) -> Made:
    """Makes auto-dispatchers; each remembers nothing of what another has tried."""

    def make(
        owner: str = "worker 1",
        sources: Callable[[], Sources] = straight,
        bounds: Bounds | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> AutoDispatcher:
        return AutoDispatcher(
            sessions, owner, sources, lease=LEASE, bounds=bounds or Bounds(), clock=clock
        )

    return make


@pytest.fixture
async def desk_of(office: Office) -> Office:
    """The office with its dispatcher on duty for automatic assignments."""
    body = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "person_id": str(office.world.people["dispatcher"].id),
    }
    answer = await office.post("manager", "/duty-dispatchers", body)
    assert answer.status_code == 201, answer.text
    return office
