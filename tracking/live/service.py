"""Use cases of the live fleet: the list that stands for the map, and the nearest vehicles."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access import Actor
from fleet.refs import Named
from fleet.sittings.sitting import current_sitting
from tracking import schemas
from tracking.live.fleet import LiveFleet
from tracking.live.index import LivePosition
from tracking.live.register import LiveVehicle
from tracking.live.state import live_state


async def journal_live(
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    address: str | None,
    asked: Mapping[str, object] | None = None,
) -> None:
    """Write that somebody looks at where vehicles are now, with the sitting if there is one."""
    sitting = await current_sitting(session, actor, now)
    journal.record_look_up(
        session,
        actor=actor,
        action="live.read",
        object_kind="live",
        object_id=None,
        now=now,
        purpose=sitting.purpose if sitting else None,
        sitting_id=sitting.id if sitting else None,
        asked=asked,
        address=address,
    )


def live_item(
    live: LiveFleet, vehicle: LiveVehicle, position: LivePosition, now: datetime
) -> schemas.LiveItem:
    """Return what the map shows of a vehicle."""
    order = live.orders.get(vehicle.no)
    return schemas.LiveItem(
        id=vehicle.id,
        plate=vehicle.plate,
        unit=Named(id=vehicle.unit_id, name=vehicle.unit_name),
        latitude=position.lat,
        longitude=position.lon,
        speed_kmh=position.speed_kmh,
        course_deg=position.course_deg,
        time=datetime.fromtimestamp(position.time_s, UTC),
        state=live_state(position, now),
        order=None if order is None else schemas.LiveOrder(id=order.id, state=order.state),
    )


def live_list(live: LiveFleet, units: frozenset[int], now: datetime) -> schemas.LiveList:
    """Return every vehicle of these units that has been heard of."""
    items = [
        live_item(live, vehicle, position, now)
        for vehicle in live.vehicles.values()
        if vehicle.unit_no in units and (position := live.index.get(vehicle.no)) is not None
    ]
    return schemas.LiveList(at=now, items=sorted(items, key=lambda item: item.plate))


def nearest(
    live: LiveFleet,
    units: frozenset[int],
    latitude: float,
    longitude: float,
    limit: int,
    now: datetime,
) -> schemas.NearestList:
    """Return the nearest vehicles of these units."""
    return schemas.NearestList(
        at=now,
        items=[
            schemas.NearestItem(
                distance_m=round(distance_m, 1), vehicle=live_item(live, vehicle, position, now)
            )
            for vehicle, position, distance_m in live.nearest(latitude, longitude, limit, units)
        ],
    )
