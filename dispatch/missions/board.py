"""Reads the board of arrivals of a mission: newest positions, and the ways from there by road."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.columns import FACTS, UNSEEN, Choices, Coded, Fixes
from dispatch.eligibility.positions import locate
from dispatch.missions import store
from dispatch.missions.arrivals import Arrival, ArrivalRules, Seen, arrival_of
from dispatch.missions.inputs import AssemblyPoint
from dispatch.missions.looking import journal_board
from dispatch.missions.schemas import ArrivalOut, ArrivalsOut
from dispatch.missions.states import MissionState
from dispatch.missions.tables import Mission, MissionRide
from dispatch.missions.words import ArrivalStanding
from dispatch.orders.states import OrderState
from dispatch.refs import Refs, load_refs
from dispatch.requests.states import OVER, RequestState
from dispatch.roads.network import LatLon
from dispatch.roads.plane import distance_m
from dispatch.suggestions.weighing import Sources
from dispatch.tables import Order, Request
from fleet.acts import Act
from fleet.tables import Driver, Person

RULES = ArrivalRules()
_CLOCK_SKEW = timedelta(minutes=10)
Point = tuple[LatLon, datetime]
"""Where a vehicle was seen last, and when."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a board is made of: by the request's id, by the vehicle's number or the driver's."""

    requests: dict[UUID, Request]
    orders: dict[UUID, Order]
    points: dict[int, Point]
    seen: dict[int, Seen]
    refs: Refs
    phones: dict[int, str]

    def order_of(self, ride: MissionRide) -> Order | None:
        """The order of a vehicle that awaits no other."""
        return self.orders.get(ride.request_id) if ride.request_id else None

    def is_called_off(self, ride: MissionRide) -> bool:
        """Whether a vehicle is wanted no more that never had an order."""
        request = self.requests.get(ride.request_id) if ride.request_id else None
        return self.order_of(ride) is None and request is not None and request.state in OVER


async def read_arrivals(
    session: AsyncSession, act: Act, mission: Mission, sources: Sources
) -> ArrivalsOut:
    """Return where each vehicle of a mission is on its way to the assembly point."""
    await journal_board(session, act, mission)
    rides = await store.rides_of(session, mission.no)
    requests = await store.requests_of(session, mission.no)
    orders = _standing(await store.orders_of(session, mission.no), requests)
    vehicle_nos = sorted({o.vehicle_no for o in orders.values() if o.vehicle_no is not None})
    points = await _points(session, vehicle_nos, sources, act.now)
    assembly = mission.assembly_latitude, mission.assembly_longitude
    seen = await asyncio.to_thread(_ways, points, assembly, sources)
    refs = await load_refs(
        session, vehicles=vehicle_nos, drivers=[o.driver_no for o in orders.values()]
    )
    phones = await _phones(session, [o.driver_no for o in orders.values()])
    read = _Read(requests, orders, points, seen, refs, phones)
    items = [_item(ride, read, mission, act.now) for ride in rides]
    counts = Counter(item.standing for item in items)
    return ArrivalsOut(
        at=act.now,
        gather_at=mission.gather_at,
        assembly=AssemblyPoint(
            name=mission.assembly_name,
            latitude=assembly[0],
            longitude=assembly[1],
            radius_m=mission.assembly_radius_m,
        ),
        travel_times=str(sources.travel_times.label),
        counts={one: counts[one] for one in ArrivalStanding},
        items=items,
    )


def _standing(orders: dict[UUID, Order], requests: dict[UUID, Request]) -> dict[UUID, Order]:
    """Return the orders of a mission by request, but of those that await another vehicle."""
    waiting = {id for id, one in requests.items() if one.state == RequestState.AWAITING_DISPATCH}
    return {id: order for id, order in orders.items() if id not in waiting}


async def _points(
    session: AsyncSession, vehicle_nos: Sequence[int], sources: Sources, now: datetime
) -> dict[int, Point]:
    nos = np.array(vehicle_nos, dtype=np.int64)
    # Nobody asks what vehicles these are, but where.
    unasked = Coded(np.zeros(len(nos), dtype=np.int64), (None,))
    unseen = Choices(nos, dict.fromkeys(FACTS, unasked), Fixes.nowhere(len(nos)))
    since = now - timedelta(seconds=RULES.looked_back_s)
    window = Range(since, now + _CLOCK_SKEW, bounds="(]")
    fixes = (await locate(session, unseen, sources.live, window, now))[0].fixes
    return {
        no: (
            (float(fixes.lat[i]), float(fixes.lon[i])),
            datetime.fromtimestamp(int(fixes.time_us[i]) / 1e6, UTC),
        )
        for i, no in enumerate(vehicle_nos)
        if fixes.time_us[i] != UNSEEN
    }


def _ways(points: dict[int, Point], assembly: LatLon, sources: Sources) -> dict[int, Seen]:
    if not points:
        return {}
    places = [place for place, _ in points.values()]
    seconds, _ = sources.travel_times.matrix(places, [assembly])
    seen, there = np.array(places).reshape(-1, 2), np.array(assembly)
    away_m = distance_m(seen[:, 0], seen[:, 1], there[:1], there[1:])
    ways = zip(points.items(), seconds[:, 0].tolist(), away_m.tolist(), strict=True)
    return {
        no: Seen(at, apart_m, road_s if isfinite(road_s) else None)
        for (no, (_, at)), road_s, apart_m in ways
    }


def _item(ride: MissionRide, read: _Read, mission: Mission, now: datetime) -> ArrivalOut:
    order = read.order_of(ride)
    no = order.vehicle_no if order and order.vehicle_no is not None else 0
    driver_no = order.driver_no if order and order.driver_no is not None else 0
    state = OrderState(order.state) if order else None
    told = _arrival(ride, state, read, mission, now)
    # Where a vehicle is matters while it is awaited, and is nobody's here any more once its order
    # is over.
    gone = told.standing is ArrivalStanding.OVER or state is OrderState.INTERRUPTED
    point = None if gone else read.points.get(no)
    return ArrivalOut(
        ride_id=ride.id,
        position=ride.position,
        standby=ride.standby,
        standing=told.standing,
        order_id=order.id if order else None,
        state=state,
        vehicle=read.refs.vehicles.get(no),
        driver=read.refs.drivers.get(driver_no),
        driver_phone=read.phones.get(driver_no),
        latitude=point[0][0] if point else None,
        longitude=point[0][1] if point else None,
        seen_at=point[1] if point else None,
        arrives_at=told.arrives_at,
        late_s=told.late_s,
    )


def _arrival(
    ride: MissionRide, state: OrderState | None, read: _Read, mission: Mission, now: datetime
) -> Arrival:
    if mission.state == MissionState.CANCELLED or read.is_called_off(ride):
        return Arrival(ArrivalStanding.OVER)
    order, end = read.order_of(ride), ride.period.upper
    seen = read.seen.get(order.vehicle_no) if order and order.vehicle_no else None
    wanted = not ride.standby and (end is None or end > now)
    radius_m, gather_at = mission.assembly_radius_m, mission.gather_at
    return arrival_of(state, seen, radius_m, gather_at, now, RULES, wanted=wanted)


async def _phones(session: AsyncSession, driver_nos: Sequence[int | None]) -> dict[int, str]:
    nos = {no for no in driver_nos if no is not None}
    rows = await session.execute(
        select(Driver.no, Person.phone)
        .join(Person, Person.no == Driver.person_no)
        .where(Driver.no.in_(nos), Person.phone.is_not(None))
    )
    return {row.no: row.phone for row in rows}
