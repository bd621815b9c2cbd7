"""Sharing over HTTP: consent and one's own part, orders that could take a request, join, leave."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dispatch.orders.in_the_way import told_what_is_busy
from dispatch.orders.schemas import OrderItem
from dispatch.orders.views import order_item
from dispatch.requests.service import find
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.shared_rides.candidates import shared_rides
from dispatch.shared_rides.consenting import say_consent
from dispatch.shared_rides.joining import join
from dispatch.shared_rides.leaving import let_off
from dispatch.shared_rides.schemas import (
    ConsentIn,
    JoinIn,
    LeaveIn,
    SharedRideList,
    SharingOut,
)
from dispatch.shared_rides.views import sharing_out
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.permissions import Permission
from kit.web import Address, AppSessions, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]
# Whoever asks or rides, and those who may read requests of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.REQUEST_READ,))]


@router.get("/requests/{request_id}/sharing")
async def get_sharing(
    request_id: UUID, actor: Concerned, session: DbSession, roads: Roads, now: Now
) -> SharingOut:
    """Return what a request's passenger agreed to, and their own part of a shared order."""
    return await sharing_out(session, await find(session, actor, request_id), roads, now)


@router.post("/requests/{request_id}/sharing")
async def write_sharing_consent(
    request_id: UUID,
    body: ConsentIn,
    actor: Concerned,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> SharingOut:
    """Agree to share within limits, or take that back before departure (合乘)."""
    act = Act(actor, now, address, body.reason)
    request = await say_consent(session, act, actor, request_id, body, roads)
    return await sharing_out(session, request, roads, now)


@router.get("/requests/{request_id}/shared-rides")
async def list_shared_rides(
    request_id: UUID, actor: Dispatcher, session: DbSession, roads: Roads, now: Now
) -> SharedRideList:
    """List the orders that could take a request along, and why the others can't (合乘)."""
    return await shared_rides(session, actor, request_id, roads, now)


@router.post("/requests/{request_id}/join")
async def join_order(
    request_id: UUID,
    body: JoinIn,
    actor: Dispatcher,
    session: DbSession,
    sessions: AppSessions,
    roads: Roads,
    now: Now,
    address: Address,
) -> OrderItem:
    """Let a request ride along in an order that has not departed."""
    act = Act(actor, now, address, body.reason)
    async with told_what_is_busy(sessions, session, actor, now):
        order = await join(session, act, actor, request_id, body, roads)
    return await order_item(session, actor, order)


@router.post("/orders/{order_id}/leave")
async def leave_order(
    order_id: UUID,
    body: LeaveIn,
    actor: Dispatcher,
    session: DbSession,
    roads: Roads,
    now: Now,
    address: Address,
) -> OrderItem:
    """Let a request off a shared order; it awaits dispatch by itself, the others ride on."""
    act = Act(actor, now, address, body.reason)
    order = await let_off(session, act, actor, order_id, body, roads)
    return await order_item(session, actor, order)
