"""The approach over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi import Request as HttpRequest

from dispatch.approach.schemas import ApproachOut
from dispatch.approach.service import Looking, approach
from dispatch.roads.serving import Roads
from fleet.access import Actor, AllowAnyone
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now
from tracking.live.fleet import LiveFleet

router = APIRouter(tags=["dispatch"])

# Whoever asked or rides, and the dispatcher: for anybody else the vehicle's place is no concern.
Awaiting = Annotated[Actor, AllowAnyone(widened_by=(Permission.ORDER_ASSIGN,))]


def _live(request: HttpRequest) -> LiveFleet:
    live: LiveFleet = request.app.state.live
    return live


@router.get("/requests/{request_id}/approach")
async def get_approach(
    request_id: UUID,
    actor: Awaiting,
    session: DbSession,
    live: Annotated[LiveFleet, Depends(_live)],
    roads: Roads,
    now: Now,
    address: Address,
) -> ApproachOut:
    """Show a request's vehicle on its way to the passenger, and when it will be there.

    Its position is shown from its departure, or from 30 minutes before the promised pick-up, until
    it is there. Who follows it is journalled.
    """
    looking = Looking(actor, now, address)
    return await approach(session, looking, request_id, live, roads)
