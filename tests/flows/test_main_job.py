"""The main job, told once through every room: from a terminal's bytes to an audited trip."""

import pytest

from tests.flows.story import tell_a_drive_without_an_order, tell_a_ride
from tests.support.system import RunningSystem
from tests.support.world import World

pytestmark = pytest.mark.flow


def test_a_drive_of_yesterday_without_an_order_becomes_a_finding(
    system: RunningSystem, world: World
) -> None:
    tell_a_drive_without_an_order(system, world)


def test_a_ride_is_asked_for_approved_driven_archived_and_explained(
    system: RunningSystem, world: World
) -> None:
    tell_a_ride(system, world)
