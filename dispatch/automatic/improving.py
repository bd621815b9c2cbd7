"""Better vehicles for what was assigned automatically, until departure or a person steps in.

Only assignments are looked through whose steps the system took, and a driver by accepting; who has
accepted is asked (`proposing`). Whoever improves asks `dispatch.matching.improve`, which makes no
promise later, and changes orders by the command that people use, which refuses to. What hangs
together is one transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.batching import Fleet, Group, fleet_of
from dispatch.automatic.desk import Desk
from dispatch.automatic.limits import stop_of_vehicle
from dispatch.automatic.on_duty import duty_dispatcher
from dispatch.automatic.tables import ExchangePart
from dispatch.automatic.waiting import Rule, rule_of
from dispatch.eligibility.asking import need_of
from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.setting_out import setting_out
from dispatch.matching.immediate import ImmediatePolicy
from dispatch.matching.improve import improve
from dispatch.matching.problem import Change, Exchange, Promised, Stage, Waiting, priority_of
from dispatch.matching.ranking import use_of
from dispatch.orders.promise_store import promised_pickups
from dispatch.orders.states import OUT, PROMISED, OrderAction, OrderState
from dispatch.slips.content import kilometres
from dispatch.suggestions.weighing import LIMITS
from dispatch.tables import Order, OrderRequest, OrderStep, Request
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.rules.auto_dispatch import AutoDispatchMode
from kit.database import transaction

POLICY = ImmediatePolicy()


@dataclass(frozen=True, slots=True)
class Held:
    """An order that was assigned automatically, and the request that it serves."""

    order_id: UUID
    revision: int
    request_revision: int
    unit_no: int
    promised: Promised


@dataclass(frozen=True, slots=True)
class Improvable:
    """Orders for which one person answers, by their requests."""

    actor: Actor
    held: Mapping[UUID, Held]
    rules: Mapping[int, Rule]

    def group(self) -> Group:
        """Return the requests as a batch sees them, to read the same vehicles."""
        asked = tuple(
            Waiting(one.promised.id, one.promised.need, one.promised.asked_at)
            for one in self.held.values()
        )
        return Group(self.actor, {}, asked, self.rules)


async def improvable(session: AsyncSession, now: datetime) -> list[Improvable]:
    """Return what was assigned automatically and may still change, by who answers for it."""
    by_person = exists().where(
        OrderStep.order_id == Order.id,
        OrderStep.automatic.is_(False),
        OrderStep.action != OrderAction.ACCEPT,
    )
    # Nobody is asked twice about an order as it stands, whatever came of the first time.
    asked = exists().where(
        ExchangePart.order_id == Order.id,
        ExchangePart.is_asked & (ExchangePart.revision == Order.revision),
    )
    # Nor is who waits for an answer, or is to give one, asked about another order meanwhile.
    concerned = exists().where(
        ExchangePart.is_open,
        (ExchangePart.order_id == Order.id) | (ExchangePart.driver_no == Order.driver_no),
    )
    soon = Order.period.overlaps(_between(now, now + timedelta(seconds=LIMITS.immediate_s)))
    return await _by_person(session, now, soon & ~by_person & ~asked & ~concerned)


async def improvable_again(
    session: AsyncSession, now: datetime, order_ids: Sequence[UUID]
) -> list[Improvable]:
    """Return these orders as `improvable` does, as far as nobody has departed with them."""
    return await _by_person(session, now, Order.id.in_(order_ids))


async def _by_person(
    session: AsyncSession, now: datetime, which: ColumnElement[bool]
) -> list[Improvable]:
    rows = await session.execute(
        select(Order, Request)
        .join(OrderRequest, OrderRequest.order_id == Order.id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(
            Order.state.in_((OrderState.ASSIGNED, OrderState.ACCEPTED)),
            Order.kind == OrderKind.RIDE,
            which,
        )
        .order_by(Order.id)
    )
    found = rows.all()
    told = await promised_pickups(session, [request.id for _, request in found])
    actors: dict[int, Actor | None] = {}
    rules: dict[int, Rule] = {}
    held: dict[int, dict[UUID, Held]] = {}
    for order, request in found:
        unit_no = request.organisation_no
        if unit_no not in rules:
            rules[unit_no] = await rule_of(session, unit_no, now)
            actors[unit_no] = await duty_dispatcher(session, unit_no, now)
        actor = actors[unit_no]
        if actor is not None and rules[unit_no].mode is AutoDispatchMode.ASSIGN:
            one = _held(order, request, told.get(request.id))
            held.setdefault(actor.person_no, {})[request.id] = one
    people = {actor.person_no: actor for actor in actors.values() if actor is not None}
    return [Improvable(people[no], by_request, rules) for no, by_request in held.items()]


def _between(start: datetime, end: datetime) -> Range[datetime]:
    return Range(start, end, bounds="[)")


def _held(order: Order, request: Request, promised_at: datetime | None) -> Held:
    assert order.vehicle_no is not None
    assert order.driver_no is not None
    return Held(
        order.id,
        order.revision,
        request.revision,
        request.organisation_no,
        Promised(
            id=request.id,
            need=need_of(request),
            vehicle_no=order.vehicle_no,
            driver_no=order.driver_no,
            stage=Stage.ACCEPTED if order.state == OrderState.ACCEPTED else Stage.ASSIGNED,
            promised_at=promised_at,
            asked_at=request.recorded_at,
            priority=priority_of(request.purpose, request.category),
        ),
    )


@dataclass(frozen=True, slots=True)
class Better:
    """An exchange worth making, and its sentence in figures."""

    exchange: Exchange
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The vehicles for orders that may change, as they would be without those orders."""

    fleet: Fleet
    one: Improvable
    by_no: Mapping[int, VehicleChoice]

    def way(self, vehicle_no: int, request: UUID) -> tuple[float, float] | None:
        """Return seconds and metres from a vehicle to a request; None where nobody can tell."""
        vehicle, need = self.by_no.get(vehicle_no), self.one.held[request].promised.need
        start = setting_out(vehicle, need, self.fleet.at) if vehicle is not None else None
        if start is None:
            return None
        there_s, way_m = self.fleet.sources.travel_times.matrix([start.point], [need.origin])
        found = float(there_s[0, 0]), float(way_m[0, 0])
        return found if np.isfinite(found).all() else None

    def worth(self, exchange: Exchange) -> Better | None:
        """Return an exchange with its sentence, None where it saves too little or oversteps."""
        if any(self._is_beyond(change) for change in exchange.changes):
            return None
        seconds = metres = 0.0
        for wanted in exchange.changes:
            way = self.way(wanted.from_vehicle_no, wanted.request)
            if way is None:
                return None
            seconds += way[0] - wanted.to.arrival_s
            metres += way[1] - wanted.to.empty_m
        count, asked = len(exchange.changes), len(exchange.drivers_asked)
        if round(seconds) < POLICY.change_s * count + POLICY.ask_s * asked:
            return None
        return Better(exchange, _sentence(count, round(seconds), round(metres)))

    def _is_beyond(self, wanted: Change) -> bool:
        held = self.one.held[wanted.request]
        use = use_of(self.by_no[wanted.to.vehicle_no], held.promised.need)
        limits = self.one.rules[held.unit_no].limits
        return stop_of_vehicle(use, wanted.to.empty_m, limits) is not None


async def see(desk: Desk, one: Improvable) -> Seen:
    """Read the vehicles for orders that may change."""
    fleet = await fleet_of(desk, one.group())
    async with transaction(desk.sessions) as session:
        vehicles = await _as_if_free(session, fleet, one)
    return Seen(fleet, one, {vehicle.no: vehicle for vehicle in vehicles})


async def better(desk: Desk, one: Improvable) -> list[Better]:
    """Return the exchanges worth making within the limits."""
    seen = await see(desk, one)
    promised = [held.promised for held in one.held.values()]
    vehicles, roads = list(seen.by_no.values()), seen.fleet.sources.travel_times
    exchanges = await asyncio.to_thread(improve, promised, vehicles, seen.fleet.at, roads, POLICY)
    found = [await asyncio.to_thread(seen.worth, exchange) for exchange in exchanges]
    return [one for one in found if one is not None]


async def _as_if_free(
    session: AsyncSession, fleet: Fleet, one: Improvable
) -> Sequence[VehicleChoice]:
    """Return the vehicles as they would be without the orders that may change."""
    mine = [held.order_id for held in one.held.values()]
    vehicles = {held.promised.vehicle_no for held in one.held.values()}
    drivers = {held.promised.driver_no for held in one.held.values()}
    start = min(held.promised.need.start for held in one.held.values())
    end = max(held.promised.need.end for held in one.held.values())
    # Who is out beyond their plan may still be out when a ride begins.
    overdue = Order.state.in_(OUT) & (func.upper(Order.period) <= fleet.at.now)
    others = await session.execute(
        select(Order.vehicle_no, Order.driver_no).where(
            Order.state.in_(PROMISED),
            Order.id.not_in(mine),
            Order.period.overlaps(_between(start, end)) | overdue,
        )
    )
    for vehicle_no, driver_no in others:
        vehicles.discard(vehicle_no)
        drivers.discard(driver_no)
    units = {v.unit_no for v in fleet.choices if v.no in vehicles}
    return [_freed(v, vehicles, drivers) if v.unit_no in units else v for v in fleet.choices]


def _freed(vehicle: VehicleChoice, vehicles: set[int], drivers: set[int]) -> VehicleChoice:
    crew = [replace(d, busy_until=None) if d.no in drivers else d for d in vehicle.drivers]
    busy_until = None if vehicle.no in vehicles else vehicle.busy_until
    return replace(vehicle, busy_until=busy_until, drivers=crew)


def _sentence(count: int, saved_s: int, saved_m: int) -> str:
    whose = f"{count} 项用车合计" if count > 1 else "用车人"
    empty = f"，空驶{'减少' if saved_m >= 0 else '增加'} {kilometres(abs(saved_m))}"
    return f"自动改派：{whose}少等 {saved_s / 60:.1f} 分钟{empty}"
