"""Which of many rides may break what is promised of their vehicles' pools.

Most touch nothing that is held, and nothing more is asked of them. The others are asked one by one
(`capacity.guarding`), each when the one before it is written: two may break together what neither
breaks alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import pools
from dispatch.capacity.guarding import objection_of_reservations
from dispatch.capacity.held import lock_pools
from dispatch.capacity.model import Span
from dispatch.capacity.spans import span_of
from dispatch.eligibility.overriding import Told
from dispatch.orders.together import store
from dispatch.orders.together.pairs import Pairs
from dispatch.orders.together.wishes import Wish
from dispatch.sealed.sealed import breaks_seals


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is held of the pools of some vehicles, by the pool's number.

    held: when each reservation takes a vehicle; turnaround_s: how long vehicles rest after a ride
    """

    held: Mapping[int, Sequence[Span]]
    turnaround_s: Mapping[int, int]

    def touched_by(self, wish: Wish, pairs: Pairs, now: datetime) -> int | None:
        """Return the pool of which something is held while the ride takes its vehicle, or None."""
        vehicle = pairs.vehicles.get(wish.vehicle_no)
        if vehicle is None or breaks_seals(wish.request) or vehicle.unit_no not in self.held:
            return None
        start, end = span_of(wish.period(now))
        end += self.turnaround_s[vehicle.unit_no]
        touches = any(a < end and start < b for a, b in self.held[vehicle.unit_no])
        return vehicle.unit_no if touches else None


async def hold_pools(
    session: AsyncSession, wishes: Sequence[Wish], pairs: Pairs, now: datetime
) -> Reserved:
    """Hold the pools of which rides take vehicles, so that nothing is promised meanwhile.

    Emergencies break promises as they break seals, and hold nothing.
    """
    nos = {
        pairs.vehicles[wish.vehicle_no].unit_no
        for wish in wishes
        if wish.vehicle_no in pairs.vehicles and not breaks_seals(wish.request)
    }
    await lock_pools(session, nos)
    held = await store.held_spans(session, nos, now)
    rules = {no: await pools.rules_of(session, no, now) for no in sorted(held)}
    return Reserved(held, {no: one.turnaround_s for no, one in rules.items()})


async def objections_of_reservations(
    session: AsyncSession, wave: Sequence[Wish], reserved: Reserved, pairs: Pairs, now: datetime
) -> list[Sequence[Told]]:
    """Return what speaks against each wish because of what is held, in their order."""
    found: list[Sequence[Told]] = []
    for wish in wave:
        pool_no = reserved.touched_by(wish, pairs, now)
        found.append(
            ()
            if pool_no is None
            else await objection_of_reservations(
                session, pool_no, wish.vehicle_no, [wish.request], wish.period(now), now
            )
        )
    return found
