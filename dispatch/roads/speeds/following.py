"""Learned speeds, followed while a process runs: a learning takes effect without a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from dispatch.roads.in_use import MapInUse
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.speeds.store import learned_version, read_speeds
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ending import pause
from kit.isolation import Isolated

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
_SOON = timedelta(minutes=10)


class SpeedsFollower:
    """One per process that answers from the map: looks whether anything new has been learned."""

    def __init__(self, sessions: Sessions, in_use: MapInUse) -> None:
        self._sessions, self._in_use = sessions, in_use
        self._version = 0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            with Isolated(log, "it could not be looked whether speeds have been learned"):
                await self.look()
            await pause(LOOK_EVERY_S)

    async def look(self) -> None:
        """Take newer speeds into use, and have the roads of this hour ready, soon the next's."""
        async with transaction(self._sessions) as session:
            version = await learned_version(session)
            speeds = await read_speeds(session) if version > self._version else None
        if speeds is not None:
            await asyncio.to_thread(self._in_use.learned, speeds)
            self._version = speeds.version
            log.info("learned speeds are in use", extra={"version": speeds.version})
        now = utc_now()
        await asyncio.to_thread(self._make_ready, (now, now + _SOON))

    def _make_ready(self, instants: Iterable[datetime]) -> None:
        travel_times = self._in_use.travel_times()
        for instant in instants:
            roads = travel_times.at(instant)
            if isinstance(roads, RoadTravelTimes):
                roads.make_ready()
