"""The worker that dispatches by itself: one for all organisations, by a lease with an epoch.

It looks twice a second whether a request or an order has moved (two looks into indexes), and goes
through all that waits when one has, or every two seconds. Where no organisation has switched
auto-dispatch on, a round is one question to the database.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, perf_counter

from dispatch.automatic.desk import LEASES, Desk
from dispatch.automatic.round import Round
from dispatch.automatic.state import DEFAULT_BOUNDS, AutoDispatchState, Bounds
from dispatch.automatic.waiting import newest_steps
from dispatch.suggestions.weighing import Sources
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tracking.leases import LeaseLost

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
ROUND_EVERY_S = 2.0
_LONGEST_BACK_OFF_S = 60.0
_PARTITIONS = 1


class AutoDispatcher:
    """Dispatches by itself while it holds the lease; `step` does what is due."""

    def __init__(
        self,
        sessions: Sessions,
        owner: str,
        sources: Callable[[], Sources],
        *,
        lease: timedelta,
        bounds: Bounds = DEFAULT_BOUNDS,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._sessions, self._owner, self._sources = sessions, owner, sources
        self._lease, self._bounds, self._clock = lease, bounds, clock
        self._held: dict[int, int] = {}
        self._renew_at = 0.0
        self._round_at = 0.0
        self._seen: tuple[int, int] | None = None
        self._round = Round(bounds)
        self.state = AutoDispatchState()

    async def step(self) -> bool:
        """Go through what waits if that is due; return whether a round was made."""
        if not await self._hold():
            return False
        async with transaction(self._sessions) as session:
            newest = await newest_steps(session)
        moved = newest != self._seen
        if not moved and monotonic() < self._round_at:
            return False
        began_s = perf_counter()
        try:
            await self._round.run(self._desk(), self.state, self._hold, moved=moved)
        except LeaseLost:
            log.warning("lease lost, somebody else dispatches", extra={"owner": self._owner})
            self.state.leases_lost += 1
            self._forget()
            return True
        self._seen = newest
        self._round_at = monotonic() + ROUND_EVERY_S
        self.state.rounds += 1
        self.state.round_s.observe(perf_counter() - began_s)
        return True

    async def stop(self) -> None:
        """Give the lease back."""
        async with transaction(self._sessions) as session:
            await LEASES.release(session, self._owner, list(self._held))
        self._forget()

    def _desk(self) -> Desk:
        return Desk(
            sessions=self._sessions,
            owner=self._owner,
            held=dict(self._held),
            lease=self._lease,
            sources=self._sources,
            clock=self._clock,
        )

    def _forget(self) -> None:
        self._held, self._renew_at, self._seen = {}, 0.0, None
        self.state.held = False

    async def _hold(self) -> bool:
        """Renew the lease, or try to get it, when that is due; return whether it is held."""
        if monotonic() < self._renew_at:
            return bool(self._held)
        async with transaction(self._sessions) as session:
            await LEASES.prepare(session, _PARTITIONS)
            held = await LEASES.hold(session, self._owner, _PARTITIONS, self._lease)
        if held != self._held:
            log.info("auto-dispatch", extra={"owner": self._owner, "held": bool(held)})
            self._seen = None
        self._held = held
        self.state.held = bool(held)
        self._renew_at = monotonic() + self._lease.total_seconds() / 3
        return bool(held)


def back_off_s(failed: int) -> float:
    """Return for how long to wait after so many failed steps in a row."""
    return min(LOOK_EVERY_S * 2.0**failed, _LONGEST_BACK_OFF_S)
