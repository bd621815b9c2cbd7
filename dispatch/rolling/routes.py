"""Warnings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from dispatch.roads.serving import Roads
from dispatch.rolling.schemas import WarningList
from dispatch.rolling.service import Held, warnings
from fleet.access import Actor, Allow
from fleet.permissions import Permission
from kit.web import DbSession, Now
from tracking.live.fleet import LiveFleet

router = APIRouter(tags=["dispatch"])


def _live(request: Request) -> LiveFleet:
    live: LiveFleet = request.app.state.live
    return live


def _held(request: Request) -> Held:
    """The warnings that are on, remembered beside the live positions they rest on."""
    state = request.app.state
    if not hasattr(state, "held_warnings"):
        state.held_warnings = {}
    held: Held = state.held_warnings
    return held


@router.get("/orders/warnings")
async def list_warnings(
    actor: Annotated[Actor, Allow(Permission.ORDER_ASSIGN)],
    session: DbSession,
    live: Annotated[LiveFleet, Depends(_live)],
    held: Annotated[Held, Depends(_held)],
    roads: Roads,
    now: Now,
) -> WarningList:
    """List which orders are late or will be, of those that are out or begin within two hours."""
    return await warnings(session, actor, live, roads, held, now)
