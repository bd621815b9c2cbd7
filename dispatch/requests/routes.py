"""Requests over HTTP: ask, decide, suggest, assign."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.orders import booking
from dispatch.orders.in_the_way import told_what_is_busy
from dispatch.orders.schemas import OrderItem
from dispatch.requests import service
from dispatch.requests.schemas import (
    AssignmentIn,
    PurposeItem,
    PurposePage,
    RequestDetail,
    RequestIn,
    RequestPage,
    RequestSort,
    RequestStepName,
    StepIn,
)
from dispatch.requests.service import Act, RequestFilter
from dispatch.requests.states import RequestAction, RequestState
from dispatch.requests.urgency import cursor_after_urgent, place_in
from dispatch.requests.views import request_detail, request_items
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.words import PURPOSE_LABEL
from fleet.access import Actor, Allow, AllowAnyone
from fleet.permissions import Permission
from kit.web import Address, AppSessions, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)


# Whoever asks or rides, and those who may read requests of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.REQUEST_READ,))]


@router.get("/purposes")
async def list_purposes(actor: Annotated[Actor, AllowAnyone()]) -> PurposePage:  # noqa: ARG001
    """List the purposes (用车事由) by code and label."""
    return PurposePage(
        items=[PurposeItem(code=code, label=label) for code, label in PURPOSE_LABEL.items()]
    )


@router.get("/requests")
async def list_requests(
    actor: Concerned,
    session: DbSession,
    state: Annotated[list[RequestState] | None, Query(max_length=len(RequestState))] = None,
    mine: bool = False,
    organisation_id: UUID | None = None,
    in_series: Annotated[
        bool | None, Query(description="Only rides of series, or only those by themselves")
    ] = None,
    sort: Annotated[
        RequestSort, Query(description="Newest first, or the most urgent: class, then start")
    ] = "newest",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RequestPage:
    """List one's own requests and those of the units in which one may read them."""
    which = RequestFilter(
        states=state or (), mine=mine, organisation_id=organisation_id, in_series=in_series
    )
    if sort == "urgency":
        urgent = await service.list_urgent(session, actor, which, place_in(cursor), limit + 1)
        return RequestPage(
            items=await request_items(session, actor, [request for request, _ in urgent[:limit]]),
            next_cursor=cursor_after_urgent(urgent, limit),
        )
    found = await service.list_seen(session, actor, which, before_id(cursor), limit + 1)
    return RequestPage(
        items=await request_items(session, actor, found[:limit]),
        next_cursor=cursor_after(found, limit),
    )


@router.post("/requests", status_code=201)
async def create_request(
    wish: RequestIn,
    actor: Annotated[Actor, Allow(Permission.REQUEST_APPLY)],
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> RequestDetail:
    """Ask for a vehicle; the request is submitted at once unless it is a draft."""
    request = await service.ask(session, actor, wish, now, address, roads)
    return await request_detail(session, actor, request)


@router.get("/requests/{request_id}")
async def get_request(request_id: UUID, actor: Concerned, session: DbSession) -> RequestDetail:
    """Return a request with its history."""
    request = await service.find(session, actor, request_id)
    return await request_detail(session, actor, request)


@router.post("/requests/{request_id}/assignment", status_code=201)
async def create_assignment(
    request_id: UUID,
    choice: AssignmentIn,
    actor: Annotated[Actor, Allow(Permission.ORDER_ASSIGN)],
    session: DbSession,
    sessions: AppSessions,
    now: Now,
    address: Address,
) -> OrderItem:
    """Assign a vehicle and a driver to a request; the order's slip is numbered."""
    async with told_what_is_busy(sessions, session, actor, now, choice.suggestion_id):
        return await booking.assign_and_show(session, actor, request_id, choice, now, address)


@router.post("/requests/{request_id}/{action}")
async def act_on_request(
    request_id: UUID,
    action: RequestStepName,
    step: StepIn,
    actor: Concerned,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> RequestDetail:
    """Move a request on; who may do what in which state stands in `dispatch/requests/states.py`."""
    doing = Act(RequestAction(action), step.revision, step.reason)
    request = await service.act(session, actor, request_id, doing, now, address, roads)
    return await request_detail(session, actor, request)
