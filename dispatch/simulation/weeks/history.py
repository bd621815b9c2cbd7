"""One's own history as demand: what was asked in a period, with the vehicles of that time.

Only places, times and numbers are read: nobody's name, and no purpose.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.matching.problem import Ints
from dispatch.roads.network import LatLon
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.simulation.weeks import store
from dispatch.simulation.weeks.model import MOST_REQUESTS, MOST_VEHICLES, Demand, Fleet
from kit.clock import SHANGHAI
from kit.trouble import Trouble


class NoHistory(Trouble):
    """There is nothing of that period to simulate."""


@dataclass(frozen=True, slots=True)
class History:
    """Requests and the bases of vehicles; monday: the midnight that is instant 0."""

    monday: datetime
    asked: tuple[store.AskedRide, ...]
    vehicles: tuple[tuple[float, float, int], ...]

    @property
    def points(self) -> list[LatLon]:
        """All points: bases first, then origins, then destinations."""
        return [
            *((latitude, longitude) for latitude, longitude, _ in self.vehicles),
            *(one.origin for one in self.asked),
            *(one.destination for one in self.asked),
        ]

    def numbered(self, numbers: Ints) -> tuple[Fleet, Demand]:
        """Return vehicles and requests; numbers: the place of each of `points`.

        What a round trip's period leaves beside both ways, by the straight line, is its stay.
        """
        v, n = len(self.vehicles), len(self.asked)
        seats = [max(1, seats - 1) for *_, seats in self.vehicles]
        start_s = np.array([self._second(one.start) for one in self.asked])
        asked_s = np.array([self._second(one.asked_at) for one in self.asked])
        asked_s = np.clip(asked_s, 0, start_s)
        order = np.argsort(asked_s, kind="stable")
        return Fleet(numbers[:v], np.array(seats, dtype=np.int64)), Demand(
            asked_s=asked_s[order],
            start_s=start_s[order],
            origin=numbers[v : v + n][order],
            destination=numbers[v + n :][order],
            back=np.array([one.round_trip for one in self.asked], dtype=np.bool_)[order],
            stay_s=np.array([_stay_s(one) for one in self.asked])[order],
            over_s=np.zeros(n),
            passengers=np.array([one.passengers for one in self.asked], dtype=np.int64)[order],
            may_share=np.array([one.may_share for one in self.asked], dtype=np.bool_)[order],
        )

    def _second(self, instant: datetime) -> float:
        return (instant - self.monday).total_seconds()


async def history_of(
    session: AsyncSession, since: datetime, until: datetime, organisation: UUID | None
) -> History:
    """Return what was asked to begin in [since, until), with the vehicles that were there then.

    Raises NoHistory where there is nothing, or more than a simulation takes.
    """
    nos = await store.organisations(session, organisation, since)
    if not nos and organisation is None:
        raise NoHistory("Nothing is registered yet.")
    if not nos:
        raise NoHistory(f"There is no organisation {organisation}.")
    asked = await store.asked_rides(session, nos, since, until, MOST_REQUESTS)
    if not asked:
        raise NoHistory(f"Nothing was asked to begin from {since:%Y-%m-%d} to {until:%Y-%m-%d}.")
    if len(asked) > MOST_REQUESTS:
        raise NoHistory(f"More than {MOST_REQUESTS} requests: name fewer days.")
    vehicles = await store.based_vehicles(session, nos, until)
    if not 1 <= len(vehicles) <= MOST_VEHICLES:
        raise NoHistory(
            f"A simulation takes 1 to {MOST_VEHICLES} vehicles with a base; "
            f"there are {len(vehicles)}."
        )
    first = since.astimezone(SHANGHAI)
    monday = first - timedelta(days=first.weekday())
    return History(monday, tuple(asked), tuple(vehicles))


def _stay_s(one: store.AskedRide) -> float:
    if not one.round_trip:
        return 0.0
    way_s = StraightLineTravelTimes().matrix([one.origin], [one.destination])[0][0, 0]
    return max(0.0, (one.end - one.start).total_seconds() - 2 * float(way_s))
