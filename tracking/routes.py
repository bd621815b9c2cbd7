"""Routes of tracking: history, the live list, the nearest, trips, stops, quarantine."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from fleet.access import Actor, Allow
from fleet.permissions import Permission
from kit.paging import MAX_LIMIT
from kit.web import Address, DbSession, LooseInstantIn, Now
from tracking import schemas
from tracking.exports import routes as exports
from tracking.history import service, track_pages
from tracking.history.looking import Looking, as_utc
from tracking.live import service as live_service
from tracking.live.fleet import LiveFleet
from tracking.quality import routes as quality
from tracking.quarantine import service as quarantine
from tracking.questions import routes as questions

router = APIRouter(tags=["tracking"])
router.include_router(questions.router)
router.include_router(exports.router)
router.include_router(quality.router)

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=400)]


def _live(request: Request) -> LiveFleet:
    live: LiveFleet = request.app.state.live
    return live


Live = Annotated[LiveFleet, Depends(_live)]


@router.get("/positions")
async def list_positions(
    look: Looking,
    session: DbSession,
    start: LooseInstantIn,
    end: LooseInstantIn,
    vehicle_id: UUID | None = None,
    terminal_id: UUID | None = None,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> schemas.PositionPage:
    """History of a vehicle (or of a terminal) in [start, end), oldest first; journalled."""
    asked = service.AskedTrack(vehicle_id, terminal_id, _utc(start), _utc(end))
    return await service.positions(session, look, asked, limit, cursor)


@router.get("/tracks")
async def get_track(
    look: Looking,
    session: DbSession,
    vehicle_id: UUID,
    start: LooseInstantIn,
    end: LooseInstantIn,
    zoom: Annotated[float | None, Query(ge=0, le=24)] = None,
    limit: Annotated[int, Query(ge=2, le=track_pages.MOST_POSITIONS)] = track_pages.MOST_POSITIONS,
    cursor: Cursor = None,
) -> schemas.TrackPage:
    """A vehicle's track in [start, end) as a line, in pages of so many positions; journalled.

    With a zoom, positions that a map at that zoom would not show are left out: ends and stops
    stay, the rest is within `tolerance_m` of the line, and `positions` says how many there were.
    """
    asked = track_pages.AskedLine(vehicle_id, as_utc(start), as_utc(end), zoom)
    return await track_pages.track_page(session, look, asked, limit, cursor)


@router.get("/positions/live")
async def list_live(
    actor: Annotated[Actor, Allow(Permission.LIVE_READ)],
    session: DbSession,
    live: Live,
    now: Now,
    address: Address,
) -> schemas.LiveList:
    """Every vehicle in scope with its newest position: the list that stands for the map."""
    await live_service.journal_live(session, actor, now, address)
    return live_service.live_list(live, actor.scope(Permission.LIVE_READ), now)


@router.get("/positions/nearest")
async def list_nearest(
    actor: Annotated[Actor, Allow(Permission.LIVE_READ)],
    session: DbSession,
    live: Live,
    now: Now,
    address: Address,
    latitude: Annotated[float, Query(ge=-90, le=90)],
    longitude: Annotated[float, Query(ge=-180, le=180)],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> schemas.NearestList:
    """The vehicles nearest to a point, by straight distance."""
    near = {"latitude": latitude, "longitude": longitude}
    await live_service.journal_live(session, actor, now, address, near)
    return live_service.nearest(
        live, actor.scope(Permission.LIVE_READ), latitude, longitude, limit, now
    )


@router.get("/trips")
async def list_trips(
    look: Looking,
    session: DbSession,
    vehicle_id: UUID | None = None,
    organisation_id: UUID | None = None,
    start: LooseInstantIn | None = None,
    end: LooseInstantIn | None = None,
    superseded: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.TripPage:
    """Trips that touch a period, oldest first; earlier versions only if asked for."""
    asked = service.AskedTrips(vehicle_id, organisation_id, _utc(start), _utc(end), superseded)
    return await service.trips(session, look, asked, limit, cursor)


@router.get("/trips/{trip_id}")
async def get_trip(
    trip_id: UUID,
    look: Looking,
    session: DbSession,
) -> schemas.TripDetail:
    """One version of a trip with its track; journalled."""
    return await service.trip(session, look, trip_id)


@router.get("/stops")
async def list_stops(
    look: Looking,
    session: DbSession,
    vehicle_id: UUID,
    start: LooseInstantIn | None = None,
    end: LooseInstantIn | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.StopPage:
    """Stops of a vehicle that touch a period, oldest first; journalled."""
    asked = service.AskedTrips(vehicle_id, None, _utc(start), _utc(end), False)
    return await service.stops(session, look, asked, limit, cursor)


@router.get("/quarantine")
async def list_quarantined(
    actor: Annotated[Actor, Allow(Permission.TERMINAL_READ)],
    session: DbSession,
    now: Now,
    phone: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.QuarantinedPage:
    """Frames that became no position, newest first, with counts by reason.

    A unit sees those that bear the number of a terminal of its own; the topmost organisation sees
    all.
    """
    return await quarantine.quarantined(session, actor, now, phone, limit, cursor)


@router.get("/unknown-terminals")
async def list_unknown_terminals(
    actor: Annotated[Actor, Allow(Permission.TERMINAL_WRITE)],
    session: DbSession,
    now: Now,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.UnknownTerminalPage:
    """Terminals that speak but stand in no register, the last heard first.

    They belong to nobody yet, so the topmost organisation alone sees them.
    """
    return await quarantine.unknown_terminals(session, actor, now, limit, cursor)


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else as_utc(instant)
