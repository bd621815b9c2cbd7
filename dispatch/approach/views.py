"""An approach as the API shows it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.approach import store
from dispatch.approach.phases import (
    ApproachPhase,
    ApproachRules,
    Run,
    arrival_at,
    is_stale,
    lateness_s,
)
from dispatch.approach.schemas import (
    ApproachArrival,
    ApproachDriver,
    ApproachOut,
    ApproachPosition,
)
from dispatch.contacts import may_call
from dispatch.orders.states import PROMISED
from dispatch.roads.route import TravelLabel
from dispatch.roads.travel_times import TravelTimes
from dispatch.sightings import Sight
from dispatch.tables import Order
from fleet.access import Actor
from fleet.people.masking import masked_phone


@dataclass(frozen=True, slots=True)
class Coming:
    """An approach at one instant; `sight` is None where no position may be shown."""

    run: Run
    phase: ApproachPhase
    sight: Sight | None
    now: datetime
    rules: ApproachRules


async def add_coming(told: ApproachOut, coming: Coming, travel_times: TravelTimes) -> None:
    """Add where the vehicle is, when it will be there, and whether that is late."""
    told.phase = coming.phase
    told.position = _position(coming)
    if coming.phase is not ApproachPhase.APPROACHING:
        return
    told.arrival = await _arrival(coming, travel_times)
    arrives_at = told.arrival.at if told.arrival else None
    told.late_s = lateness_s(coming.run, arrives_at, coming.now, coming.rules)
    if told.late_s is not None:
        told.sentence = f"预计比约定时间晚 {-(-told.late_s // 60)} 分钟到达"


async def driver_of(session: AsyncSession, actor: Actor, order: Order) -> ApproachDriver | None:
    """Return who drives an order, with the phone number as the actor may see it while it runs."""
    driver = await store.driver_of(session, order.driver_no)
    if driver is None:
        return None
    phone = driver.phone if order.state in PROMISED else None
    if phone is not None and not await may_call(session, actor, order):
        phone = masked_phone(phone)
    return ApproachDriver(name=driver.name, phone=phone)


def _position(coming: Coming) -> ApproachPosition | None:
    sight = coming.sight
    if sight is None:
        return None
    return ApproachPosition(
        latitude=sight.at[0],
        longitude=sight.at[1],
        course_deg=sight.course_deg,
        seen_at=sight.seen_at,
        stale=is_stale(sight, coming.now, coming.rules),
    )


async def _arrival(coming: Coming, travel_times: TravelTimes) -> ApproachArrival | None:
    sight, run, now = coming.sight, coming.run, coming.now
    if sight is None or is_stale(sight, now, coming.rules):
        return None
    # A shortest path takes the processor for a while: other requests go on meanwhile.
    route = await asyncio.to_thread(travel_times.route, sight.at, run.pick_up)
    arrives_at = arrival_at(run, sight, route.duration_s, now)
    by_road = route.label is TravelLabel.ROADS
    return ApproachArrival(
        at=arrives_at,
        seconds=round((arrives_at - now).total_seconds()),
        distance_m=round(route.distance_m),
        travel_times=route.label.value,
        route=[(lon, lat) for lat, lon in route.path] if by_road else [],
    )
