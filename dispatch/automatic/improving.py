"""Better vehicles for what was assigned automatically, until a driver accepts or a person steps in.

Only assignments all of whose steps the system took are looked through; an accepted one stays as it
is. Whoever improves asks `dispatch.matching.improve`, which makes no promise later, and changes
orders by the command that people use, which refuses to. What hangs together is one transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import exists, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.batching import Fleet, Group, fleet_of
from dispatch.automatic.desk import Desk
from dispatch.automatic.limits import stop_of_vehicle
from dispatch.automatic.notes import acts_since, write_note
from dispatch.automatic.on_duty import duty_dispatcher
from dispatch.automatic.tables import AutoDispatchRound
from dispatch.automatic.waiting import Rule, rule_of
from dispatch.automatic.words import AutoDispatchOutcome
from dispatch.eligibility.asking import need_of
from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.setting_out import setting_out
from dispatch.errors import VehicleBusy
from dispatch.matching.immediate import ImmediatePolicy
from dispatch.matching.improve import improve
from dispatch.matching.problem import Change as Better
from dispatch.matching.problem import Exchange, Promised, Stage, Waiting, priority_of
from dispatch.matching.ranking import use_of
from dispatch.orders.changing import Change, change_order
from dispatch.orders.promise_store import Arrival, promised_pickups
from dispatch.orders.states import PROMISED, OrderAction, OrderState
from dispatch.slips.content import kilometres
from dispatch.suggestions.names import read_names
from dispatch.suggestions.weighing import LIMITS
from dispatch.tables import Order, OrderRequest, OrderStep, Request
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.rules.auto_dispatch import AutoDispatchMode
from kit.database import transaction, violated_constraint
from kit.ids import new_id

POLICY = ImmediatePolicy()
_MINUTE = timedelta(minutes=1)
# Two orders may change their vehicles with each other: whether they overlap is asked at the end.
_LATER = text("SET CONSTRAINTS vehicle_never_twice, driver_never_twice DEFERRED")
_NOW = text("SET CONSTRAINTS vehicle_never_twice, driver_never_twice IMMEDIATE")


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
    by_person = exists().where(OrderStep.order_id == Order.id, OrderStep.automatic.is_(False))
    rows = await session.execute(
        select(Order, Request)
        .join(OrderRequest, OrderRequest.order_id == Order.id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(
            Order.state == OrderState.ASSIGNED,
            Order.kind == OrderKind.RIDE,
            ~by_person,
            Order.period.overlaps(_between(now, now + timedelta(seconds=LIMITS.immediate_s))),
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
            stage=Stage.ASSIGNED,
            promised_at=promised_at,
            asked_at=request.recorded_at,
            priority=priority_of(request.purpose, request.category),
        ),
    )


async def better(desk: Desk, one: Improvable) -> list[tuple[Exchange, str]]:
    """Return the exchanges worth making within the limits, each with its sentence in figures."""
    fleet = await fleet_of(desk, one.group())
    async with transaction(desk.sessions) as session:
        vehicles = await _as_if_free(session, fleet, one)
    promised = [held.promised for held in one.held.values()]
    roads = fleet.sources.travel_times
    exchanges = await asyncio.to_thread(improve, promised, vehicles, fleet.at, roads, POLICY)
    by_no = {vehicle.no: vehicle for vehicle in vehicles}
    found = []
    for exchange in exchanges:
        if exchange.drivers_asked or any(_beyond(c, one, by_no) for c in exchange.changes):
            continue
        saved_s, saved_m = await asyncio.to_thread(_saved, exchange, one, by_no, fleet)
        if saved_s >= POLICY.change_s * len(exchange.changes):
            found.append((exchange, _sentence(len(exchange.changes), saved_s, saved_m)))
    return found


async def change(
    desk: Desk, one: Improvable, exchange: Exchange, sentence: str, per_minute: int
) -> bool:
    """Make all changes of an exchange in one transaction; return whether they were made.

    Raises LeaseLost, and the errors of `change_order` where anything has changed meanwhile.
    """
    async with desk.act() as session:
        now = desk.clock()
        if await acts_since(session, now - _MINUTE) + len(exchange.changes) > per_minute:
            return False
        units = {one.held[c.request].unit_no for c in exchange.changes}
        for unit_no in units:
            if (await rule_of(session, unit_no, now)).mode is not AutoDispatchMode.ASSIGN:
                return False
        await session.execute(_LATER)
        round_id = await _keep(session, exchange, sentence, now)
        matches = [c.to for c in exchange.changes]
        vehicle_nos, driver_nos = [m.vehicle_no for m in matches], [m.driver_no for m in matches]
        names = await read_names(session, vehicle_nos, driver_nos, now)
        # Everybody locks orders in the order of their ids.
        for one_change in sorted(exchange.changes, key=lambda c: one.held[c.request].order_id):
            held, to = one.held[one_change.request], one_change.to
            wanted = Change(
                action=OrderAction.REASSIGN,
                revision=held.revision,
                reason=sentence,
                vehicle_id=names.vehicles[to.vehicle_no].id,
                driver_id=names.drivers[to.driver_no].id,
            )
            arrival = Arrival(to.arrival_s)
            await change_order(
                session, one.actor, held.order_id, wanted, now, None, arrival=arrival
            )
            write_note(
                session,
                request_id=one_change.request,
                revision=held.request_revision,
                outcome=AutoDispatchOutcome.REASSIGNED,
                sentence=sentence,
                at=now,
                round_id=round_id,
                order_id=held.order_id,
            )
        await _overlapping_nobody(session)
    return True


async def _overlapping_nobody(session: AsyncSession) -> None:
    """Raise VehicleBusy where an order overlaps another once all are changed."""
    await session.flush()
    try:
        await session.execute(_NOW)
    except IntegrityError as error:
        if violated_constraint(error) in {"vehicle_never_twice", "driver_never_twice"}:
            raise VehicleBusy from error
        raise


async def _as_if_free(
    session: AsyncSession, fleet: Fleet, one: Improvable
) -> Sequence[VehicleChoice]:
    """Return the vehicles as they would be without the orders that may change."""
    mine = [held.order_id for held in one.held.values()]
    vehicles = {held.promised.vehicle_no for held in one.held.values()}
    drivers = {held.promised.driver_no for held in one.held.values()}
    start = min(held.promised.need.start for held in one.held.values())
    end = max(held.promised.need.end for held in one.held.values())
    others = await session.execute(
        select(Order.vehicle_no, Order.driver_no).where(
            Order.state.in_(PROMISED),
            Order.id.not_in(mine),
            Order.period.overlaps(_between(start, end)),
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


def _beyond(wanted: Better, one: Improvable, by_no: Mapping[int, VehicleChoice]) -> bool:
    held = one.held[wanted.request]
    use = use_of(by_no[wanted.to.vehicle_no], held.promised.need)
    limits = one.rules[held.unit_no].limits
    return stop_of_vehicle(use, wanted.to.empty_m, limits) is not None


def _saved(
    exchange: Exchange, one: Improvable, by_no: Mapping[int, VehicleChoice], fleet: Fleet
) -> tuple[int, int]:
    """Return by how many seconds all arrive sooner, and how many empty metres are saved."""
    seconds = metres = 0.0
    for wanted in exchange.changes:
        need = one.held[wanted.request].promised.need
        start = setting_out(by_no[wanted.from_vehicle_no], need, fleet.at)
        if start is None:
            return 0, 0
        there_s, way_m = fleet.sources.travel_times.matrix([start.point], [need.origin])
        seconds += float(there_s[0, 0]) - wanted.to.arrival_s
        metres += float(way_m[0, 0]) - wanted.to.empty_m
    if not np.isfinite([seconds, metres]).all():
        return 0, 0
    return round(seconds), round(metres)


def _sentence(count: int, saved_s: int, saved_m: int) -> str:
    whose = f"{count} 项用车合计" if count > 1 else "用车人"
    empty = f"，空驶{'减少' if saved_m >= 0 else '增加'} {kilometres(abs(saved_m))}"
    return f"自动改派：{whose}少等 {saved_s / 60:.1f} 分钟{empty}"


async def _keep(session: AsyncSession, exchange: Exchange, sentence: str, now: datetime) -> UUID:
    kept = AutoDispatchRound(
        id=new_id(),
        at=now,
        method="improvement",
        versions={"gain_s": exchange.gain_s, "sentence": sentence, "seed": None},
        requests=[
            {
                "request": str(one.request),
                "from_vehicle_no": one.from_vehicle_no,
                "from_driver_no": one.from_driver_no,
                "vehicle_no": one.to.vehicle_no,
                "driver_no": one.to.driver_no,
                "arrival_s": one.to.arrival_s,
                "empty_m": one.to.empty_m,
                "cost_s": one.to.cost.total_s,
            }
            for one in exchange.changes
        ],
    )
    session.add(kept)
    await session.flush()
    return kept.id
