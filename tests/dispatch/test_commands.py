"""Any sequence of commands by many actors leaves the books in order.

One database serves all examples, so that each begins in the mess that the others left.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import booking
from dispatch.orders import service as order_service
from dispatch.orders import states as orders
from dispatch.orders.changing import Change, change_order
from dispatch.orders.promise_store import Arrival
from dispatch.orders.states import CHANGES, OUT, OrderAction, OrderState
from dispatch.orders.steps import Tap
from dispatch.requests import service as request_service
from dispatch.requests import states as requests
from dispatch.requests.service import Act
from dispatch.requests.states import RequestAction, RequestState
from dispatch.schemas import AssignmentIn, RequestIn
from dispatch.tables import Order, OrderStep, Promise, Request, RequestStep, Slip
from dispatch.words import OrderKind
from fleet.access import Actor, load_actor
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.errors import DomainError
from tests.dispatch.books import amendments_add_up, runs_follow_each_other
from tests.dispatch.conftest import open_session_of
from tests.dispatch.office import wish
from tests.support.world import World

PEOPLE = ("applicant_a", "approver_a", "applicant_b", "approver_b", "dispatcher",
          "driver_a1", "driver_a2")  # fmt: skip
VEHICLES = ("a1", "a2")
DRIVERS = ("a1", "a2")

_ACTS = [action for action in RequestAction if action is not RequestAction.ASSIGN]
_TAPS = [action for action in OrderAction if action not in CHANGES]
_which = st.integers(0, 5)
_person = st.sampled_from(PEOPLE)
_pair = (st.sampled_from(VEHICLES), st.sampled_from(DRIVERS))
_slot = st.integers(0, 40)
# As far away as the latest of the slots, so that a told time becomes later.
_arrival_s = st.none() | st.integers(0, 130 * 3600)
_late_s = st.integers(0, 3600)
# Of its own: the slots above are soon taken, and a taken vehicle tells nobody anything.
_free_slot = st.integers(41, 140)
_reason = st.none() | st.just("理由")
_WHOSE = ("dispatcher", "automatic")
COMMANDS = st.one_of(
    st.tuples(st.just("ask"), _person, _person, _slot),
    st.tuples(st.just("act"), _person, _which, st.sampled_from(_ACTS)),
    st.tuples(st.just("assign"), _which, *_pair, _arrival_s, _reason, st.sampled_from(_WHOSE)),
    st.tuples(st.just("step"), _person, _which, st.sampled_from(_TAPS)),
    st.tuples(
        st.just("change"),
        st.sampled_from((*PEOPLE, *_WHOSE, *_WHOSE)),
        _which,
        st.sampled_from(sorted(CHANGES)),
        *_pair,
        st.integers(-60, 600),
        _arrival_s,
    ),
    st.tuples(
        st.just("undo"), _free_slot, *_pair, _late_s, _late_s, _reason, st.sampled_from(_WHOSE)
    ),
    st.tuples(
        st.just("changed_ride"),
        *(_free_slot, *_pair, st.integers(0, 5)),
        st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), *_pair, _late_s), max_size=3),
    ),
    st.tuples(st.just("wait_in_vain"), _which),
    st.tuples(st.just("ride"), _slot, *_pair, st.integers(0, 8)),
    st.tuples(st.just("ride"), _slot, *_pair, st.integers(0, 2)),
    st.tuples(st.just("step"), st.just("dispatcher"), _which, st.just(OrderAction.CANCEL)),
)
# A ride as it should go; the driver is whoever was assigned.
RIDE = (
    ("driver", OrderAction.ACCEPT),
    ("driver", OrderAction.DEPART),
    ("driver", OrderAction.ARRIVE),
    ("driver", OrderAction.START_RETURN),
    ("driver", OrderAction.RETURN),
    ("applicant_a", OrderAction.CONFIRM),
    ("dispatcher", OrderAction.ACCEPT_BACK),
)


Newest = TypeVar("Newest", Request, Order)


@dataclass
class Desk:
    """A world whose people are loaded, and the newest requests and orders to act upon."""

    world: World
    sessions: Sessions
    actors: dict[str, Actor]

    async def attempt(self, unit: Callable[[AsyncSession], Awaitable[object]]) -> None:
        """Run one transaction; what the domain refuses is rolled back, nothing else is caught."""
        try:
            async with transaction(self.sessions) as session:
                await unit(session)
        except DomainError:
            pass

    async def newest(self, table: type[Newest], which: int) -> Newest | None:
        async with self.sessions() as session:
            rows = (
                await session.scalars(select(table).order_by(table.id.desc()).limit(which + 1))
            ).all()
        return rows[-1] if rows else None

    async def obey(self, command: tuple[object, ...]) -> None:
        name, *arguments = command
        await getattr(self, f"do_{name}")(*arguments)

    async def do_ask(self, who: str, passenger: str, slot: int) -> None:
        start_in = timedelta(minutes=5, hours=3 * slot)
        body = RequestIn.model_validate(
            wish(passenger_id=str(self.world.people[passenger].id), start_in=start_in)
        )
        actor = self.actors[who]
        await self.attempt(lambda s: request_service.ask(s, actor, body, utc_now(), None))

    async def do_act(self, who: str, which: int, action: RequestAction) -> None:
        request = await self.newest(Request, which)
        if request is not None:
            doing = Act(action, request.revision, "理由")
            await self.attempt(
                lambda s: request_service.act(
                    s, self.actors[who], request.id, doing, utc_now(), None
                )
            )

    async def do_assign(
        self,
        which: int,
        vehicle: str,
        driver: str,
        arrival_s: int | None = None,
        reason: str | None = None,
        who: str = "dispatcher",
    ) -> None:
        request = await self.newest(Request, which)
        if request is not None:
            choice = AssignmentIn(
                vehicle_id=self.world.vehicles[vehicle].id,
                driver_id=self.world.drivers[driver].id,
                revision=request.revision,
                reason=reason,
            )
            await self.attempt(
                lambda s: booking.assign(
                    s,
                    self.actors[who],
                    request.id,
                    choice,
                    utc_now(),
                    None,
                    arrival=None if arrival_s is None else Arrival(arrival_s),
                )
            )

    async def do_change(
        self,
        who: str,
        which: int,
        action: OrderAction,
        vehicle: str,
        driver: str,
        minutes: int,
        arrival_s: int | None,
    ) -> None:
        order = await self.newest(Order, which)
        if order is None or order.period.upper is None:
            return
        takes_vehicle = action in (OrderAction.REASSIGN, OrderAction.SWAP_VEHICLE)
        takes_driver = action in (OrderAction.REASSIGN, OrderAction.SWAP_DRIVER)
        change = Change(
            action,
            order.revision,
            "理由",
            vehicle_id=self.world.vehicles[vehicle].id if takes_vehicle else None,
            driver_id=self.world.drivers[driver].id if takes_driver else None,
            end=order.period.upper + timedelta(minutes=minutes),
        )
        arrival = None if arrival_s is None else Arrival(arrival_s)
        await self.attempt(
            lambda s: change_order(
                s, self.actors[who], order.id, change, utc_now(), None, arrival=arrival
            )
        )

    async def do_changed_ride(
        self,
        slot: int,
        vehicle: str,
        driver: str,
        steps: int,
        changes: list[tuple[OrderAction, str, str, int]],
    ) -> None:
        """Let a ride go so many steps far, change it, and let whoever drives then go on."""
        await self.do_ride(slot, vehicle, driver, steps)
        for action, other_vehicle, other_driver, late_s in changes:
            arrival_s = slot * 3 * 3600 + late_s
            await self.do_change(
                "dispatcher", 0, action, other_vehicle, other_driver, 30, arrival_s
            )
        order = await self.newest(Order, 0)
        drivers = {one.no: key for key, one in self.world.drivers.items()}
        if order is not None and order.driver_no is not None:
            await self.go_on(drivers[order.driver_no], RIDE)

    async def go_on(self, driver: str, steps: Sequence[tuple[str, OrderAction]]) -> None:
        for who, action in steps:
            await self.do_step(f"driver_{driver}" if who == "driver" else who, 0, action)

    async def do_undo(
        self,
        slot: int,
        vehicle: str,
        driver: str,
        first_s: int,
        then_s: int,
        reason: str | None,
        who: str,
    ) -> None:
        """Assign a vehicle that will be late, take it back, and assign it again."""
        start_s = slot * 3 * 3600
        await self.do_ask("applicant_a", "applicant_a", slot)
        await self.do_act("approver_a", 0, RequestAction.APPROVE)
        await self.do_assign(0, vehicle, driver, start_s + first_s)
        await self.do_step("dispatcher", 0, OrderAction.UNDO)
        await self.do_assign(0, vehicle, driver, start_s + then_s, reason, who)

    async def do_wait_in_vain(self, which: int) -> None:
        """Say that the passenger did not come, after the end of the ride."""
        order = await self.newest(Order, which)
        if order is not None and order.period.upper is not None:
            tap, late = Tap(reason="未到"), order.period.upper + timedelta(hours=4)
            await self.attempt(
                lambda s: order_service.take_step(
                    s, self.actors["dispatcher"], order.id, OrderAction.NO_SHOW, tap, late, None
                )
            )

    async def do_step(self, who: str, which: int, action: OrderAction) -> None:
        order = await self.newest(Order, which)
        if order is not None:
            tap = Tap(revision=order.revision, odometer_m=1000, reason="理由")
            await self.attempt(
                lambda s: order_service.take_step(
                    s, self.actors[who], order.id, action, tap, utc_now(), None
                )
            )

    async def do_ride(self, slot: int, vehicle: str, driver: str, steps: int) -> None:
        """Let a ride go as it should, so many steps far, unless the pair is promised by then."""
        await self.do_ask("applicant_a", "applicant_a", slot)
        await self.do_act("approver_a", 0, RequestAction.APPROVE)
        await self.do_assign(0, vehicle, driver)
        await self.go_on(driver, RIDE[:steps])


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """A loop that lives through all examples of one test."""
    with asyncio.Runner() as one:
        yield one


@pytest.fixture
def desk(database_url: str, world: World, runner: asyncio.Runner) -> Iterator[Desk]:
    engine = open_engine(database_url)
    yield runner.run(_open_desk(open_sessions(engine), world))
    runner.run(engine.dispose())


async def _open_desk(sessions: Sessions, world: World) -> Desk:
    actors: dict[str, Actor] = {}
    for username in PEOPLE:
        token = await open_session_of(sessions, world.people[username])
        async with sessions() as session:
            actor = await load_actor(session, token, utc_now())
        assert actor is not None
        actors[username] = actor
    actors["automatic"] = replace(actors["dispatcher"], automatic=True)
    return Desk(world, sessions, actors)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(COMMANDS, min_size=5, max_size=30))
def test_no_sequence_of_commands_breaks_a_promise(
    runner: asyncio.Runner, desk: Desk, commands: list[tuple[object, ...]]
) -> None:
    async def example() -> None:
        for command in commands:
            await desk.obey(command)
        async with desk.sessions() as session:
            await check_books(session)

    runner.run(example())


async def check_books(session: AsyncSession) -> None:
    """Assert everything that must hold whatever people did."""
    asked = {r.id: r for r in await session.scalars(select(Request))}
    ordered = {o.id: o for o in await session.scalars(select(Order))}
    await _no_step_is_skipped(session, asked, ordered)
    await _nobody_approved_their_own(session, asked)
    await _slips_have_no_gap(session, ordered)
    await _nothing_is_promised_twice(session)
    await _every_step_is_journalled(session)
    await _no_promise_is_worsened(session)
    await amendments_add_up(session, ordered)
    await runs_follow_each_other(session, ordered)


async def _no_step_is_skipped(
    session: AsyncSession, asked: dict[UUID, Request], ordered: dict[UUID, Order]
) -> None:
    taken: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    times: dict[UUID, list[datetime]] = defaultdict(list)
    for step in await session.scalars(select(RequestStep).order_by(RequestStep.no)):
        taken[step.request_id].append((step.from_state, step.to_state))
    for row in await session.scalars(select(OrderStep).order_by(OrderStep.no)):
        taken[row.order_id].append((row.from_state, row.to_state))
        times[row.order_id].append(row.tapped_at)
    for request_id, request in asked.items():
        _is_chain(taken[request_id], "draft", request.state)
        assert set(taken[request_id]) <= _REQUEST_EDGES
    for order_id, order in ordered.items():
        _is_chain(taken[order_id], "awaiting_dispatch", order.state)
        assert set(taken[order_id][1:]) <= _ORDER_EDGES
        assert times[order_id] == sorted(times[order_id])


def _is_chain(edges: Sequence[tuple[str, str]], first: str, last: str) -> None:
    states = [first, *(to for _, to in edges)]
    assert [start for start, _ in edges] == states[:-1]
    assert states[-1] == last


_ORDER_EDGES = {
    (str(state), str(move.to))
    for kind in OrderKind
    for state, moves in orders.MOVES[kind].items()
    for move in moves.values()
}
_REQUEST_EDGES = (
    _ORDER_EDGES
    | {
        (str(state), str(move.to))
        for state, moves in requests.MOVES.items()
        for move in moves.values()
    }
    | {(str(state), "awaiting_dispatch") for state in (OrderState.ASSIGNED, *OUT)}
)


async def _nobody_approved_their_own(session: AsyncSession, asked: dict[UUID, Request]) -> None:
    approvals = await session.scalars(
        select(RequestStep).where(
            RequestStep.from_state == RequestState.UNIT_REVIEW,
            RequestStep.to_state == RequestState.AWAITING_DISPATCH,
        )
    )
    for step in approvals:
        request = asked[step.request_id]
        assert step.actor_no not in {request.applicant_no, request.passenger_no}


async def _slips_have_no_gap(session: AsyncSession, ordered: dict[UUID, Order]) -> None:
    slips = (await session.scalars(select(Slip).order_by(Slip.number))).all()
    by_issuer: dict[tuple[int, int], list[int]] = defaultdict(list)
    for slip in slips:
        by_issuer[slip.issuer_no, slip.year].append(slip.number)
        is_cancelled = ordered[slip.order_id].state == OrderState.CANCELLED
        assert (slip.void_at is not None) == is_cancelled
    assert {slip.order_id for slip in slips} == set(ordered)
    for numbers in by_issuer.values():
        assert numbers == list(range(1, len(numbers) + 1))


async def _nothing_is_promised_twice(session: AsyncSession) -> None:
    twice = await session.scalar(
        text("""
            SELECT count(*) FROM orders a JOIN orders b
              ON a.id < b.id AND a.period && b.period
             AND (a.vehicle_no = b.vehicle_no OR a.driver_no = b.driver_no)
            WHERE a.state = ANY(:promised) AND b.state = ANY(:promised)
        """),
        {"promised": [str(state) for state in orders.PROMISED]},
    )
    assert twice == 0


async def _every_step_is_journalled(session: AsyncSession) -> None:
    entries = (await session.scalars(select(JournalEntry))).all()
    steps = len((await session.scalars(select(OrderStep.no))).all())
    cancelled = sum(entry.action == "request.cancel" for entry in entries)
    assert sum(entry.object_kind == "order" for entry in entries) + cancelled == steps
    changes = [e for e in entries if e.action in {f"order.{action}" for action in CHANGES}]
    assert all(e.reason and e.before != e.after for e in changes)


async def _no_promise_is_worsened(session: AsyncSession) -> None:
    """Only a person's reason makes a told time later, or takes it back."""
    told: dict[UUID, datetime | None] = {}
    for one in await session.scalars(select(Promise).order_by(Promise.no)):
        before = told.get(one.request_id)
        is_worse = one.pickup_at is None or (before is not None and one.pickup_at > before)
        assert not is_worse or (one.reason and not one.automatic)
        told[one.request_id] = one.pickup_at
