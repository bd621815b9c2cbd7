"""Keeps what the live map says of vehicles as the register and the orders have it.

The database tells whose entries change, at the commit (migration 0012); what begins or ends by the
clock alone is looked up. While nothing can be heard, nothing is told: a vehicle may be another
unit's by now. All vehicles are read in turn anyway, a few at a time, so that what was missed in any
way stands no longer than a round.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from psycopg import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.live import read_live_orders
from gateway.live.listening import listening
from kit.database import Sessions
from kit.ending import is_ending, pause
from tracking.live.fleet import SLICE, LiveFleet
from tracking.live.register import vehicle_numbers, vehicles_turned

log = logging.getLogger(__name__)

_CHANNEL = "gongche_live"
_QUIET_S = 5.0
_RETRY_S = 0.5
_TURNED_EVERY = timedelta(seconds=0.5)
_IN_TURN_EVERY_S = 2.0
_IN_TURN = 200


class RegisterNews:
    """One per process: which vehicles are to be read anew, and their reading.

    told: whether what was told last is what the register says; set by whoever tells
    in_turn_every_s: how often some vehicles are read in turn; None: never
    """

    def __init__(self, sessions: Sessions, fleet: LiveFleet, on_news: Callable[[], None]) -> None:
        self._sessions, self._fleet, self._on_news = sessions, fleet, on_news
        self.told = False
        self.in_turn_every_s: float | None = _IN_TURN_EVERY_S
        self._hears = False
        self._stale: set[int] = set()
        self._all_stale = False
        self._turned_until: datetime | None = None
        self._round: list[int] = []
        self._in_turn_s = 0.0

    @property
    def is_current(self) -> bool:
        """Whether the register is heard, and all was read that was not heard of."""
        return self._hears and not self._all_stale

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                async with listening(self._sessions, _CHANNEL) as connection:
                    self._hears = True
                    self._hear("")
                    while not is_ending():
                        async for notice in connection.notifies(timeout=_QUIET_S):
                            self._hear(notice.payload)
                        # A peer that is gone without a word says nothing either.
                        async with asyncio.timeout(_QUIET_S):
                            await connection.execute("SELECT")
            except (OperationalError, SQLAlchemyError, OSError) as error:
                if is_ending():
                    raise
                log.warning("the register can't be heard", extra={"error": str(error)})
                self._hears = False
                self.told = False
                await pause(_RETRY_S)

    async def catch_up(self, session: AsyncSession, now: datetime) -> None:
        """Read what has changed; what fails is read next time."""
        await self._look_around(session, now)
        while self._stale:
            # Taken first: what changes while it is read asks for another reading.
            some = [self._stale.pop() for _ in range(min(SLICE, len(self._stale)))]
            try:
                await self._fleet.read_register(session, now, some)
                self._fleet.drive(some, await read_live_orders(session, some))
            except BaseException:
                self._stale.update(some)
                raise

    def _hear(self, payload: str) -> None:
        if payload:
            self._stale.update(map(int, payload.split(",")))
        else:
            self._all_stale = True
        self._on_news()

    async def _look_around(self, session: AsyncSession, now: datetime) -> None:
        if self._all_stale:
            self._all_stale = False
            try:
                self._stale |= await self._everyone(session)
            except BaseException:
                self._all_stale = True
                raise
        if self._turned_until is None:
            self._turned_until = now
        elif now - self._turned_until >= _TURNED_EVERY:
            self._stale |= await vehicles_turned(session, self._turned_until, now)
            self._turned_until = now
        await self._take_turns(session)

    async def _take_turns(self, session: AsyncSession) -> None:
        clock_s = asyncio.get_running_loop().time()
        if self.in_turn_every_s is None or clock_s - self._in_turn_s < self.in_turn_every_s:
            return
        self._in_turn_s = clock_s
        if not self._round:
            self._round = sorted(await self._everyone(session))
        self._stale.update(self._round[-_IN_TURN:])
        del self._round[-_IN_TURN:]

    async def _everyone(self, session: AsyncSession) -> set[int]:
        present = await vehicle_numbers(session)
        return {*present, *self._fleet.vehicles, *self._fleet.orders}
