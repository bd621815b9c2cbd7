"""SQL of rides whose mission was cancelled while they were out."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.states import MissionState
from dispatch.missions.tables import Mission, MissionRide


async def called_off(session: AsyncSession, request_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the requests that belong to a mission that was cancelled."""
    found = await session.scalars(
        select(MissionRide.request_id)
        .join(Mission, Mission.no == MissionRide.mission_no)
        .where(MissionRide.request_id.in_(request_ids), Mission.state == MissionState.CANCELLED)
    )
    return {id for id in found if id is not None}
