"""What rules read about the vehicles and drivers of many orders: once for all rides alike."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.facts_of import Asked, facts_of
from dispatch.eligibility.weeks import hours_of_drivers
from dispatch.orders.together.pairs import Pairs
from dispatch.orders.together.wishes import Wish
from dispatch.sealed.sealed import breaks_seals, sealed_in
from fleet.sealings.standing import Standing, UnitVehicle
from kit.clock import day_period, shanghai_day


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules read, for rides of one unit in one period.

    vehicles: by the names of `VehicleChoice`, each by the vehicle's number
    day_s, week_s: what drivers are ordered for; sealed: only where the ride breaks no seal
    """

    vehicles: Mapping[str, Mapping[int, Hashable]]
    day_s: Mapping[int, int]
    week_s: Mapping[int, int]
    sealed: Mapping[int, Standing]


async def read_facts(
    session: AsyncSession, wave: Sequence[Wish], pairs: Pairs, now: datetime
) -> list[Facts]:
    """Return the facts about each wish, in their order."""
    alike: defaultdict[tuple[object, ...], list[Wish]] = defaultdict(list)
    for wish in wave:
        alike[_alike(wish, now)].append(wish)
    found = {key: await _read(session, wishes, pairs, now) for key, wishes in alike.items()}
    return [found[_alike(wish, now)] for wish in wave]


def _alike(wish: Wish, now: datetime) -> tuple[object, ...]:
    period, request = wish.period(now), wish.request
    return request.organisation_no, period.lower, period.upper, breaks_seals(request)


async def _read(session: AsyncSession, alike: Sequence[Wish], pairs: Pairs, now: datetime) -> Facts:
    request, period = alike[0].request, alike[0].period(now)
    assert period.lower is not None
    day = Range(*day_period(shanghai_day(period.lower)), bounds="[)")
    vehicles = [
        pairs.vehicles[wish.vehicle_no] for wish in alike if wish.vehicle_no in pairs.vehicles
    ]
    drivers = [wish.driver_no for wish in alike]
    asked = Asked(request.organisation_no, period, day, now)
    bound = [UnitVehicle(one.no, one.unit_no, one.category) for one in vehicles]
    hours = await hours_of_drivers(session, period.lower, drivers)
    return Facts(
        vehicles=await facts_of(session, {one.no: one.unit_no for one in vehicles}, asked),
        day_s=hours.days,
        week_s=hours.weeks,
        sealed={} if breaks_seals(request) else await sealed_in(session, bound, period, now),
    )
