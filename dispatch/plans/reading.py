"""SQL of a day that is to be planned: its rides and vehicles, as things stand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import pools
from dispatch.capacity.fitting import ANY_TYPE, Ask, PoolVehicle, fit, seconds
from dispatch.capacity.held import Held, ask_of
from dispatch.capacity.padding import padded
from dispatch.capacity.spans import span_of
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.ordered import ordered_m
from dispatch.eligibility.ride_length import way_m
from dispatch.missions.tables import MissionRide
from dispatch.plans.drivers import crews_of, drivers_of
from dispatch.plans.model import Car, Day, PlanLimits, Ride
from dispatch.plans.ways import ways_between
from dispatch.requests.states import RequestState
from dispatch.requests.way import places_of
from dispatch.roads.network import LatLon
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.judging import rides_of
from dispatch.shared_rides.legs import Ride as SharedRide
from dispatch.shared_rides.permitted import NEVER, never_shares
from dispatch.tables import Request
from kit.clock import day_period


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day to plan with what its places stand for.

    held: the reservation of each request that has one
    sharers: what each request asks of a vehicle that it shares; None: its passengers never do
    seats: of each vehicle, for passengers; 0 where nobody rides along
    base: where most of the organisation's vehicles stand
    """

    day: Day
    requests: tuple[Request, ...]
    held: frozenset[UUID]
    vehicle_nos: tuple[int, ...]
    driver_nos: tuple[int, ...]
    away: int
    sharers: tuple[SharedRide | None, ...]
    seats: tuple[int, ...]
    base: LatLon | None


async def read_day(
    session: AsyncSession, organisation_no: int, day: date, now: datetime, travel: TravelTimes
) -> ReadDay:
    """Return what there is to plan for an organisation on a Shanghai day, from now on."""
    start, end = day_period(day)
    wanted = Range(max(start, now), end, bounds="[)")
    rules = await pools.rules_of(session, organisation_no, now)
    base = await pools.base_of(session, organisation_no, now)
    asked, asks = await _asks(session, organisation_no, wanted, base, rules.turnaround_s)
    window = (
        min((ask.span[0] for ask in asks), default=seconds(start)),
        max((ask.span[1] for ask in asks), default=seconds(end)),
    )
    vehicles = await pools.read_vehicles(session, organisation_no, window, now, rules)
    drivers = await drivers_of(session, organisation_no, start)
    crews, away = await crews_of(session, drivers, vehicles, (start, end))
    fitted = fit(asks, vehicles)
    ordered = await ordered_m(
        session, [one.choice.no for one in vehicles], Range(start, end, bounds="[)")
    )
    rides = [
        _ride(request, frozenset(v for s in booking.stocks for v in fitted.stocks[s]), is_held)
        for (request, is_held), booking in zip(asked, fitted.bookings, strict=True)
    ]
    anywhere = base or (rides[0].origin if rides else (0.0, 0.0))
    cars = [_car(one, anywhere, ordered[one.choice.no]) for one in vehicles]
    roads = await asyncio.to_thread(ways_between, rides, cars, travel)
    limits = PlanLimits(turnaround_s=rules.turnaround_s)
    return ReadDay(
        Day(rides, cars, crews, roads, limits),
        tuple(request for request, _ in asked),
        frozenset(request.id for request, is_held in asked if is_held),
        tuple(one.choice.no for one in vehicles),
        tuple(one.no for one in drivers),
        away,
        await _sharers(session, [request for request, _ in asked], now),
        tuple(_shared_seats(one.choice) for one in vehicles),
        base,
    )


async def _sharers(
    session: AsyncSession, requests: Sequence[Request], now: datetime
) -> tuple[SharedRide | None, ...]:
    """Return what each of the requests asks of a vehicle that it shares; None where it never does.

    Those of missions aren't among them.
    """
    sharing = [
        one
        for one in requests
        if one.may_share
        and not one.waypoints
        and not never_shares(one.purpose, one.category, None, is_of_mission=False)
    ]
    rides = {ride.request_id: ride for ride in await rides_of(session, sharing, now)}
    return tuple(rides.get(one.id) for one in requests)


def _shared_seats(vehicle: VehicleChoice) -> int:
    """Return how many passengers may share a vehicle: 核定载客 counts the driver."""
    return 0 if vehicle.category in NEVER else vehicle.seats - 1


async def _asks(
    session: AsyncSession,
    organisation_no: int,
    wanted: Range[datetime],
    base: LatLon | None,
    turnaround_s: int,
) -> tuple[list[tuple[Request, bool]], list[Ask]]:
    """Return the requests that begin then, whether they hold capacity, and what they ask.

    Those of missions are planned with their mission.
    """
    is_held = Reservation.state == ReservationState.HELD
    of_a_mission = exists().where(MissionRide.request_id == Request.id)
    rows = await session.execute(
        select(Request, Reservation)
        .outerjoin(Reservation, and_(Reservation.request_id == Request.id, is_held))
        .where(
            Request.state == RequestState.AWAITING_DISPATCH,
            ~of_a_mission,
            func.lower(Request.period).op("<@", is_comparison=True)(wanted),
            (Reservation.organisation_no == organisation_no)
            | (Reservation.id.is_(None) & (Request.organisation_no == organisation_no)),
        )
        .order_by(func.lower(Request.period), Request.id)
    )
    asked, asks = [], []
    for request, reservation in rows:
        if reservation is not None:
            asks.append(Held(reservation, request).ask)
        else:
            start, end = request.period.lower, request.period.upper
            assert start is not None
            assert end is not None
            origin, ends_at = _places(request)
            since, until = padded((start, end), origin, ends_at, base, turnaround_s)
            asks.append(ask_of(request, ANY_TYPE, (seconds(since), seconds(until))))
        asked.append((request, reservation is not None))
    return asked, asks


def _ride(request: Request, vehicles: frozenset[int], promised: bool) -> Ride:
    origin, ends_at = _places(request)
    length_m = way_m(places_of(request))
    return Ride(span_of(request.period), origin, ends_at, length_m, vehicles, promised)


def _places(request: Request) -> tuple[LatLon, LatLon]:
    """Return where a ride begins, and where its passengers leave the vehicle."""
    origin = (request.origin_latitude, request.origin_longitude)
    destination = (request.destination_latitude, request.destination_longitude)
    return origin, origin if request.round_trip else destination


def _car(vehicle: PoolVehicle, anywhere: LatLon, ordered_m: int) -> Car:
    range_m = vehicle.choice.range_m
    left_m = None if range_m is None else max(0, range_m - ordered_m)
    return Car(vehicle.choice.base or anywhere, left_m, vehicle.taken)
