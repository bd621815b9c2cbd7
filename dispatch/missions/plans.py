"""What can be a mission's plan, and whether somebody has read the one that stands."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range

from dispatch.errors import StaleRevision
from dispatch.missions.errors import GatherAfterStart, RideOutsideMission, TooManyRides
from dispatch.missions.guard_duty import refuse_guard_duty
from dispatch.missions.inputs import MOST_RIDES, MissionIn
from dispatch.missions.tables import Mission
from dispatch.requests.errors import RideTooShort
from dispatch.requests.feasible import check_way_there
from dispatch.requests.states import check_period
from dispatch.schemas import Waypoint


def check_plan(wish: MissionIn, now: datetime) -> None:
    """Refuse what can't be a mission's plan.

    Raises GuardDuty, TooManyRides, GatherAfterStart, RideOutsideMission, RideTooShort and the
    errors of `check_period`.
    """
    places = [ride.destination.name for ride in wish.rides if ride.destination]
    refuse_guard_duty([wish.title, wish.plan, wish.assembly.name, *places])
    check_period(wish.gather_at, wish.end, now)
    if wish.gather_at > wish.start or wish.start >= wish.end:
        raise GatherAfterStart
    if sum(ride.count for ride in wish.rides) > MOST_RIDES:
        raise TooManyRides(most=MOST_RIDES)
    position = 1
    for ride in wish.rides:
        start, end = ride.start or wish.gather_at, ride.end or wish.end
        if not wish.gather_at <= start < end <= wish.end:
            raise RideOutsideMission
        if ride.destination is not None:
            _check_way(wish, position, ride.destination, Range(start, end, bounds="[)"))
        position += ride.count


def _check_way(
    wish: MissionIn, position: int, destination: Waypoint, period: Range[datetime]
) -> None:
    """Refuse a vehicle's ride in whose time no car gets there, and say which. Raises RideTooShort.

    position: of the vehicle in the convoy
    """
    at = wish.assembly
    origin = Waypoint(name=at.name, latitude=at.latitude, longitude=at.longitude)
    try:
        check_way_there(origin, destination, period)
    except RideTooShort as error:
        error.facts |= {"position": position, "name": destination.name}
        raise


def require_revision(mission: Mission, revision: int) -> None:
    """Raise StaleRevision unless a mission stands as it was read."""
    if mission.revision != revision:
        raise StaleRevision(state=mission.state, revision=mission.revision)
