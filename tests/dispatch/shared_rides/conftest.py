"""Rides are shared here by a kernel that is ready, by people whose names and phones are known."""

import pytest

from kit.database import transaction
from tests.dispatch.office import Office
from tests.dispatch.shared_rides.rides import RIDERS


@pytest.fixture(autouse=True)
def _kernel_is_ready(sharing_kernel: None) -> None:
    """Every test may share rides."""


@pytest.fixture
async def phones(office: Office) -> None:
    """Give those who ride names and phones that can be looked for."""
    async with transaction(office.sessions) as session:
        for username, (name, phone) in RIDERS.items():
            person = await session.merge(office.world.people[username])
            person.name, person.phone = name, phone
