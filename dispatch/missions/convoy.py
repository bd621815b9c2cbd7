"""Use case: the vehicles of a mission are put into another order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions import store
from dispatch.missions.errors import NotAConvoyOrder
from dispatch.missions.named import require_runner, who
from dispatch.missions.tables import Mission
from fleet.acts import Act


async def order_convoy(
    session: AsyncSession, act: Act, mission: Mission, ride_ids: Sequence[UUID]
) -> None:
    """Put the vehicles of a locked mission into another order.

    Raises StepNotYours, NotAConvoyOrder.
    """
    await require_runner(session, who(act), mission, "order_convoy")
    rides = {ride.id: ride for ride in await store.rides_of(session, mission.no)}
    if len(ride_ids) != len(rides) or set(ride_ids) != rides.keys():
        raise NotAConvoyOrder
    before = [str(id) for id in rides]
    for position, id in enumerate(ride_ids, start=1):
        rides[id].position = position
    mission.revision += 1
    act.record(
        session,
        "mission.order_convoy",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before={"ride_ids": before},
        after={"ride_ids": [str(id) for id in ride_ids]},
    )
