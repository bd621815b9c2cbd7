"""The HTTP application: routers of every room under `/api/v1`, and what surrounds them.

A request passes, from the outside in: the id that its log lines bear, the address that a trusted
proxy forwards, security headers, the safety net for unexpected errors, the limit of bodies, the
origin check, the count for `/metrics`, and then its route.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

import audit.routes
import dispatch.routes
import fleet.routes
import gateway.live.routes
import tracking.routes
from dispatch.roads.in_use import MapInUse
from dispatch.roads.map_matching.trips import MatcherInUse
from dispatch.roads.map_matching.valhalla import Valhalla
from dispatch.roads.place_search.in_use import PlacesInUse
from dispatch.roads.speeds.following import SpeedsFollower
from fleet.access import Pace
from fleet.documents.documents import MAX_CONTENT_BYTES
from gateway.http import exchange, health, metrics, static
from gateway.http.health import health_figures
from gateway.http.problems import PROBLEM_RESPONSES, SafetyNet, add_problem_handlers
from gateway.http.proxies import TrustedProxies
from gateway.http.request_ids import RequestIds
from gateway.http.security import BodyLimit, OriginCheck, SecurityHeaders
from gateway.http.watching import HealthWatch
from gateway.live.counters import LiveCounters
from gateway.live.feed import LiveFeed
from gateway.live.figures import live_figures
from kit.bus import Bus
from kit.database import Sessions, open_engine, open_sessions
from kit.figures import bus_figures, disk_figures
from kit.metrics import Figures, new_registry
from kit.settings import Settings
from tracking.live.fleet import LiveFleet

API = "/api/v1"
MAX_BODY_BYTES = 1_048_576
# Spreadsheets, in a form around them, and the files of documents are uploaded here.
LARGER_BODIES = (
    (f"{API}/exchange/", exchange.MAX_UPLOAD_BYTES),
    (f"{API}/documents/", MAX_CONTENT_BYTES),
)

ROUTERS: tuple[APIRouter, ...] = (
    dispatch.routes.router,  # first: /vehicles/nearest-eligible is no vehicle's id
    fleet.routes.router,
    tracking.routes.router,
    audit.routes.router,
    exchange.router,
)


def create_app(settings: Settings, *, sessions: Sessions | None = None) -> FastAPI:
    """Return the application; nothing is connected before the first request.

    sessions: the maker of database sessions, when somebody else owns the engine
    `app.state` holds settings, sessions, engine (None when not ours), bus (None without one) and
    registry, the metrics of this process; live and feed, the fleet in memory and what tells it;
    health, what ails; map_in_use, which travel times rest on. Raises DatabaseUrlMissing when
    neither is given.
    """
    engine = open_engine(settings.required_database_url) if sessions is None else None
    bus = Bus(settings.redis_url) if settings.redis_url else None
    registry = new_registry()
    opened = open_sessions(engine) if engine is not None else sessions
    assert opened is not None
    counters = LiveCounters()
    feed = LiveFeed(
        opened,
        bus,
        LiveFleet(),
        tick_s=settings.live_tick_s,
        idle_s=settings.idle_poll_s,
        counters=counters,
    )

    watch = HealthWatch(settings, opened, bus, counters)
    registry.register(
        Figures(
            (
                *health_figures(watch),
                *live_figures(feed, counters),
                *(bus_figures(bus) if bus is not None else ()),
                *disk_figures(settings.data_dir),
            )
        )
    )

    map_in_use = MapInUse(settings.maps_dir)
    speeds = SpeedsFollower(opened, map_in_use)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        beside = [asyncio.create_task(one) for one in (feed.run(), watch.run(), speeds.run())]
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        if bus is not None:
            await bus.close()
        if engine is not None:
            await engine.dispose()

    app = FastAPI(
        title="Gongche",
        summary="Dispatch and tracking of official vehicles",
        version="1",
        openapi_url="/api/openapi.json",
        # The documentation pages load scripts from elsewhere, which our policy forbids.
        docs_url=None,
        redoc_url=None,
        lifespan=running,
        generate_unique_id_function=_operation_id,
        middleware=[
            Middleware(RequestIds),
            Middleware(TrustedProxies, networks=settings.trusted_proxies or ()),
            Middleware(SecurityHeaders),
            Middleware(SafetyNet),
            Middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, larger=LARGER_BODIES),
            Middleware(OriginCheck, public_url=settings.public_url),
            Middleware(metrics.RequestMetrics, registry=registry),
        ],
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.sessions = opened
    app.state.bus = bus
    app.state.registry = registry
    app.state.pace = Pace(settings.costly_per_minute)
    app.state.live = feed.fleet
    app.state.feed = feed
    app.state.health = watch
    app.state.map_in_use = map_in_use
    app.state.matcher_in_use = MatcherInUse()
    app.state.valhalla = (
        Valhalla(settings.valhalla_url, settings.valhalla_timeout_s)
        if settings.valhalla_url is not None
        else None
    )
    app.state.places_in_use = PlacesInUse(settings.maps_dir)
    add_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router, prefix=API, responses=PROBLEM_RESPONSES)
    app.include_router(health.router)
    app.include_router(gateway.live.routes.router)
    app.include_router(static.maps_router)
    app.router.default = static.Site(static.built_site())
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
