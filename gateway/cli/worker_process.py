"""The worker as a process: positions become trips, trips become explained kilometres."""

import asyncio
import logging
import os
import secrets
import socket
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from audit.calendar_changes import follow_calendar
from audit.worker import close_nights, settle_changes
from fleet.journal.heads import HeadsFile, HeadsUnreadable
from fleet.journal.sealer import SEAL_EVERY_S, Sealer
from fleet.journal.words import Algorithm
from fleet.retention.running import run_daily
from gateway.cli.retention import ERASERS
from gateway.cli.running import stop_asked
from kit.bus import BATCHES, Bus
from kit.clock import SHANGHAI, utc_now
from kit.database import Sessions, check_fitness, open_engine, open_sessions
from kit.settings import Settings
from tracking.quality.counting import count_step
from tracking.settling.settler import settle_step
from tracking.worker import TrackingWorker

log = logging.getLogger(__name__)

READY = "worker is ready"
_AUDIT_EVERY_S = 2.0
_SETTLE_EVERY_S = 60.0
_COUNT_EVERY_S = 60.0
_RETAIN_EVERY_S = 600.0
_RETAIN_FROM_HOUR = 2  # when hardly anybody drives


async def work(settings: Settings) -> None:
    """Follow and settle until asked to stop; then give the leases back."""
    engine = open_engine(settings.required_database_url, pool_size=5)
    await check_fitness(engine)
    sessions = open_sessions(engine)
    bus = Bus(settings.required_redis_url)
    stop = stop_asked()
    # In a container every start has the same process id: an earlier owner must be another one.
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    tracking = TrackingWorker(
        sessions,
        owner,
        partitions=settings.vehicle_partitions,
        lease=timedelta(seconds=settings.lease_s),
    )
    tasks = [
        asyncio.create_task(_track(tracking, bus, settings.idle_poll_s)),
        asyncio.create_task(_audit(sessions)),
        asyncio.create_task(_settle(sessions)),
        asyncio.create_task(_count_quality(sessions)),
        asyncio.create_task(_retain(sessions)),
        asyncio.create_task(_seal(sessions, settings)),
    ]
    log.info(READY)
    asked = asyncio.create_task(stop.wait())
    # Work that ends by itself has failed: the process ends with it and is started anew.
    await asyncio.wait({asked, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in (asked, *tasks):
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    await tracking.stop()
    await bus.close()
    await engine.dispose()
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _track(tracking: TrackingWorker, bus: Bus, idle_s: float) -> None:
    async for _ in bus.wakes(BATCHES, idle_s):
        try:
            while await tracking.step():
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("tracking will try again", extra={"error": str(error)})
            await asyncio.sleep(idle_s)


async def _audit(sessions: Sessions) -> None:
    while True:
        try:
            now = utc_now()
            await follow_calendar(sessions, now)
            await close_nights(sessions, now)
            await settle_changes(sessions, now)
        except (SQLAlchemyError, OSError) as error:
            log.warning("audit will try again", extra={"error": str(error)})
        await asyncio.sleep(_AUDIT_EVERY_S)


async def _settle(sessions: Sessions) -> None:
    while True:
        try:
            while await settle_step(sessions, utc_now()):
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("settling will try again", extra={"error": str(error)})
        await asyncio.sleep(_SETTLE_EVERY_S)


async def _seal(sessions: Sessions, settings: Settings) -> None:
    heads = HeadsFile(settings.journal_heads_path)
    sealer = Sealer(sessions, heads, Algorithm(settings.journal_algorithm))
    is_checked = False
    while True:
        try:
            if not is_checked:
                await sealer.check()
                is_checked = True
            while await sealer.step():
                pass
        except (SQLAlchemyError, OSError, HeadsUnreadable) as error:
            log.warning("the sealer will try again", extra={"error": str(error)})
        await asyncio.sleep(SEAL_EVERY_S)


async def _count_quality(sessions: Sessions) -> None:
    while True:
        try:
            while await count_step(sessions, utc_now()):
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("counting will try again", extra={"error": str(error)})
        await asyncio.sleep(_COUNT_EVERY_S)


async def _retain(sessions: Sessions) -> None:
    while True:
        try:
            now = utc_now()
            if now.astimezone(SHANGHAI).hour >= _RETAIN_FROM_HOUR:
                await run_daily(sessions, ERASERS, now)
        except (SQLAlchemyError, OSError) as error:
            log.warning("retention will try again", extra={"error": str(error)})
        await asyncio.sleep(_RETAIN_EVERY_S)
