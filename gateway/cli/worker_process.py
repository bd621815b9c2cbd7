"""The worker as a process: positions become trips, trips become explained kilometres."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from audit.calendar_changes import follow_calendar
from audit.mobilised_days import mark_mobilised_days
from audit.worker import close_nights, settle_changes
from dispatch.automatic.state import Bounds
from dispatch.automatic.worker import AutoDispatcher
from dispatch.plans.making import plan_step
from dispatch.plans.nightly import nightly_step
from dispatch.roads.speeds.following import LOOK_EVERY_S as SPEEDS_EVERY_S
from dispatch.series.promising import promise_step
from fleet.journal.heads import HeadsFile, HeadsUnreadable
from fleet.journal.sealer import SEAL_EVERY_S, Sealer
from fleet.journal.words import Algorithm
from fleet.retention.running import run_daily
from gateway.cli.auto_dispatch_process import (
    LazySources,
    auto_dispatch_figures,
    dispatch_by_itself,
)
from gateway.cli.retention import ERASERS
from gateway.cli.running import stop_asked
from gateway.cli.telling import metrics_served
from gateway.cli.worker_watch import WorkerWatch, watched_sealing, worker_figures
from kit.bus import BATCHES, Bus
from kit.clock import SHANGHAI, utc_now
from kit.database import Sessions, check_fitness, open_engine, open_sessions, transaction
from kit.ending import is_ending, pause
from kit.figures import bus_figures, disk_figures
from kit.metrics import Figures, new_registry
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
_LOOK_EVERY_S = 5.0
_PLAN_EVERY_S = 2.0
_TRIED_AGAIN = (SQLAlchemyError, OSError, HeadsUnreadable)


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
    sources = LazySources(sessions, settings.maps_dir)
    dispatcher = AutoDispatcher(
        sessions,
        owner,
        sources,
        lease=timedelta(seconds=settings.lease_s),
        bounds=Bounds(
            per_round=settings.auto_dispatch_per_round,
            per_minute=settings.auto_dispatch_per_minute,
        ),
    )
    watch = WorkerWatch()
    registry = new_registry()
    figures = (*worker_figures(tracking.state, watch), *auto_dispatch_figures(dispatcher.state))
    figures = (*figures, *bus_figures(bus), *disk_figures(settings.data_dir))
    registry.register(Figures(figures))
    works = [
        *_works(settings, sessions, bus, tracking, watch),
        _again("speeds", SPEEDS_EVERY_S, sources.look, watch),
        _again("planning", _PLAN_EVERY_S, partial(_plan, sessions, sources), watch),
        _again("promising", _PLAN_EVERY_S, partial(_promise, sessions), watch),
        dispatch_by_itself(dispatcher, partial(watch.put_off, "dispatching"), _TRIED_AGAIN),
    ]
    with metrics_served(registry, settings.host, settings.worker_metrics_port):
        ends = await _until(stop, works)
    await tracking.stop()
    await dispatcher.stop()
    await bus.close()
    await engine.dispose()
    for end in ends:
        if isinstance(end, Exception):
            raise end


def _works(
    settings: Settings,
    sessions: Sessions,
    bus: Bus,
    tracking: TrackingWorker,
    watch: WorkerWatch,
) -> list[Coroutine[None, None, None]]:
    """Return all that a worker does, side by side."""

    async def audit() -> None:
        now = utc_now()
        await follow_calendar(sessions, now)
        await close_nights(sessions, now)
        await mark_mobilised_days(sessions, now)
        await settle_changes(sessions, now)

    async def settle() -> None:
        while await settle_step(sessions, utc_now(), state=watch.settling):
            pass

    async def count_quality() -> None:
        while await count_step(sessions, utc_now()):
            pass

    async def retain() -> None:
        now = utc_now()
        if now.astimezone(SHANGHAI).hour >= _RETAIN_FROM_HOUR:
            watch.retention_runs += await run_daily(sessions, ERASERS, now)

    async def look() -> None:
        async with transaction(sessions) as session:
            await watch.look(session, settings.vehicle_partitions, utc_now())

    heads = HeadsFile(settings.journal_heads_path)
    sealer = Sealer(sessions, heads, Algorithm(settings.journal_algorithm))
    return [
        _track(tracking, bus, settings.idle_poll_s, watch),
        _again("audit", _AUDIT_EVERY_S, audit, watch),
        _again("settling", _SETTLE_EVERY_S, settle, watch),
        _again("counting", _COUNT_EVERY_S, count_quality, watch),
        _again("retention", _RETAIN_EVERY_S, retain, watch),
        _again("sealing", SEAL_EVERY_S, watched_sealing(sealer, watch), watch),
        _again("watching", _LOOK_EVERY_S, look, watch),
    ]


async def _until(
    stop: asyncio.Event, works: Sequence[Coroutine[None, None, None]]
) -> list[BaseException | None]:
    tasks = [asyncio.create_task(one) for one in works]
    log.info(READY)
    asked = asyncio.create_task(stop.wait())
    # Work that ends by itself has failed: the process ends with it and is started anew.
    await asyncio.wait({asked, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in (asked, *tasks):
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def _track(tracking: TrackingWorker, bus: Bus, idle_s: float, watch: WorkerWatch) -> None:
    async for _ in bus.wakes(BATCHES, idle_s):
        try:
            while await tracking.step():
                pass
        except _TRIED_AGAIN as error:
            if is_ending():
                raise
            watch.put_off("tracking", error)
            await pause(idle_s)


async def _plan(sessions: Sessions, sources: LazySources) -> None:
    await nightly_step(sessions, utc_now())
    while await plan_step(sessions, lambda: sources().travel_times, utc_now()):
        pass


async def _promise(sessions: Sessions) -> None:
    while await promise_step(sessions, utc_now()):
        pass


async def _again(
    work: str, every_s: float, do: Callable[[], Awaitable[None]], watch: WorkerWatch
) -> None:
    while True:
        try:
            await do()
        except _TRIED_AGAIN as error:
            if is_ending():
                raise
            watch.put_off(work, error)
        await pause(every_s)
