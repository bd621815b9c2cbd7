"""Series over HTTP: ask once for a ride that returns, decide once, end the rest.

A single ride is a request: it is moved on, withdrawn, cancelled and promised as every other.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.series import schemas, store, views
from dispatch.series.asking import ask_for_series, rewrite_series
from dispatch.series.deciding import Doing, act_on_series
from dispatch.series.states import SeriesAction, SeriesState
from dispatch.series.tables import RequestSeries
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.lists import Paging
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

Applicant = Annotated[Actor, Allow(Permission.REQUEST_APPLY)]
# Whoever asks or rides, and those who may read requests of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.REQUEST_READ,))]


@router.get("/request-series")
async def list_request_series(
    actor: Concerned,
    session: DbSession,
    part: Paging,
    state: Annotated[list[SeriesState] | None, Query(max_length=len(SeriesState))] = None,
) -> schemas.SeriesPage:
    """List one's own series and those of the units in which one may read requests, newest first."""
    conditions = [store.sees_series(actor)]
    if state:
        conditions.append(RequestSeries.state.in_(state))
    page = await store.list_series(session, conditions, part)
    return schemas.SeriesPage(
        items=await views.series_items(session, actor, [row[0] for row in page.items]),
        next_cursor=page.next_cursor,
    )


@router.post("/request-series", status_code=201)
async def create_request_series(
    wish: schemas.SeriesIn,
    actor: Applicant,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> schemas.SeriesDetail:
    """Ask once for a ride that returns; it is submitted at once, for one approval of all rides."""
    series = await ask_for_series(session, Act(actor, now, address), wish, roads)
    return await _shown(session, actor, series, now)


@router.get("/request-series/{series_id}")
async def get_request_series(
    series_id: UUID, actor: Concerned, session: DbSession, now: Now
) -> schemas.SeriesDetail:
    """Return a series with all its rides by day, and what each was promised."""
    series = await store.find_series(session, series_id, store.sees_series(actor))
    if series is None:
        raise NotFound
    return await views.series_detail(session, actor, series, now)


@router.put("/request-series/{series_id}")
async def rewrite_request_series(
    series_id: UUID,
    wish: schemas.SeriesChangeIn,
    actor: Applicant,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> schemas.SeriesDetail:
    """Write one's own series anew until it is approved, and submit it again."""
    series = await rewrite_series(session, Act(actor, now, address), series_id, wish, roads)
    return await _shown(session, actor, series, now)


@router.post("/request-series/{series_id}/{action}")
async def act_on_request_series(
    series_id: UUID,
    action: schemas.SeriesStepName,
    step: schemas.SeriesStepIn,
    actor: Concerned,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> schemas.SeriesDetail:
    """Move a series on; who may do what in which state stands in `dispatch/series/states.py`."""
    doing = Doing(SeriesAction(action), step.revision)
    act = Act(actor, now, address, step.reason)
    series = await act_on_series(session, act, series_id, doing, roads)
    return await _shown(session, actor, series, now)


async def _shown(
    session: DbSession, actor: Actor, series: RequestSeries, now: Now
) -> schemas.SeriesDetail:
    await session.refresh(series)
    return await views.series_detail(session, actor, series, now)
