"""What the journal must say: every step once, by whom and why, with the states that were seen.

Each entry's `before` is held against the `after` of the one before it, and both against the steps,
the promises and the rows as they stand, none of which the journal is made of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import CHANGES, MOVES, OrderAction, OrderState, course
from dispatch.requests import states as requests
from dispatch.requests.states import RequestAction, RequestState
from dispatch.slips.content import planned_times
from dispatch.tables import Order, OrderStep, Promise, Request, RequestStep
from dispatch.words import OrderKind, Part
from fleet.tables import Driver, JournalEntry, Person, Vehicle

Entry = JournalEntry
Values = Mapping[str, Any]
_STANDING = ("state", "requests")
_ON_THE_SLIP = ("plate", "driver", "times_planned", "cross_unit")


# An applicant cancels the request, and its order with it.
_CANCELS = requests.MOVES[RequestState.ASSIGNED][RequestAction.CANCEL].by


@dataclass(frozen=True, slots=True)
class Riders:
    """Whose rides an order serves, by the numbers of people."""

    passengers: frozenset[int]
    applicants: frozenset[int]


async def journal_is_complete(
    session: AsyncSession, asked: dict[UUID, Request], ordered: dict[UUID, Order]
) -> None:
    """Assert that nothing was done that the journal doesn't tell, and nothing told otherwise."""
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    rows = select(Entry).where(Entry.object_kind.in_(("order", "request"))).order_by(Entry.no)
    for entry in await session.scalars(rows):
        assert entry.object_id is not None
        entries[entry.object_id].append(entry)
    assert set(entries) == {*asked, *ordered}
    steps: dict[UUID, list[OrderStep]] = defaultdict(list)
    for step in await session.scalars(select(OrderStep).order_by(OrderStep.no)):
        steps[step.order_id].append(step)
    named = await session.execute(select(Person.no, Person.name))
    people = {row.no: row.name for row in named}
    riders = _riders(asked, entries, ordered)
    now = await _slip_facts(session)
    for id, order in ordered.items():
        _orders_steps_are_told(entries[id], steps[id])
        _allowed_by_the_table(entries[id], steps[id], people, riders[id])
        _slip_is_told(entries[id], now[id])
        assert _after(entries[id][-1])["state"] == order.state
    moved = _moves_of_requests(entries.values())
    taken: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for one in await session.scalars(select(RequestStep).order_by(RequestStep.no)):
        taken[one.request_id].append((one.from_state, one.to_state))
    told: dict[UUID, list[str | None]] = defaultdict(list)
    for promise in await session.scalars(select(Promise).order_by(Promise.no)):
        at = promise.pickup_at
        told[promise.request_id].append(at.isoformat() if at else None)
    for id in asked:
        _requests_steps_are_told(entries[id], moved[id], taken[id], told[id])


def _orders_steps_are_told(entries: list[Entry], steps: list[OrderStep]) -> None:
    assert [entry.action for entry in entries] == [f"order.{step.action}" for step in steps]
    for entry, step in zip(entries, steps, strict=True):
        before, after = _before(entry), _after(entry)
        assert (before["state"], after["state"]) == (step.from_state, step.to_state)
        assert (entry.reason, entry.at) == (step.reason, step.recorded_at)
        if step.automatic:
            assert (entry.actor_no, entry.actor_name) == (None, "system for dispatcher")
        else:
            assert entry.actor_no == step.actor_no
    for one, following in pairwise(entries):
        assert _some(_before(following), _STANDING) == _some(_after(one), _STANDING)


def _allowed_by_the_table(
    entries: list[Entry], steps: list[OrderStep], people: Mapping[int, str], riders: Riders
) -> None:
    """Assert that each step was one of whoever took it: the driver is who was named by then."""
    driver, no_show_at = None, None
    for entry, step in zip(entries, steps, strict=True):
        name = people[step.actor_no or 0]
        parts = {
            part
            for part, holds in (
                (Part.DRIVER, name == driver),
                (Part.PASSENGER, step.actor_no in riders.passengers),
                (Part.APPLICANT, step.actor_no in riders.applicants),
                (Part.DISPATCHER, name == "调度员"),
            )
            if holds
        }
        if step.action != RequestAction.ASSIGN:
            kind = course(OrderKind.RIDE, no_show_at)
            move = MOVES[kind][OrderState(step.from_state)][OrderAction(step.action)]
            assert move.to == step.to_state
            by = move.by | (_CANCELS if step.action == OrderAction.CANCEL else set())
            assert by & parts, (step.action, name)
        driver = _after(entry).get("driver", driver)
        no_show_at = step.tapped_at if step.action == OrderAction.NO_SHOW else no_show_at


def _slip_is_told(entries: list[Entry], now: Values) -> None:
    changes = [e for e in entries if e.action in {f"order.{action}" for action in CHANGES}]
    told = [entries[0], *changes]
    for one, following in pairwise(told):
        assert _some(_before(following), _ON_THE_SLIP) == _some(_after(one), _ON_THE_SLIP)
        assert _before(following) != _after(following)
    assert _some(_after(told[-1]), now) == now
    assert _after(entries[0])["slip"].startswith("派〔")


async def _slip_facts(session: AsyncSession) -> dict[UUID, Values]:
    rows = await session.execute(
        select(Order, Vehicle.plate, Person.name)
        .join(Vehicle, Vehicle.no == Order.vehicle_no)
        .join(Driver, Driver.no == Order.driver_no)
        .join(Person, Person.no == Driver.person_no)
    )
    found: dict[UUID, Values] = {}
    for order, plate, driver in rows:
        start, end = order.period.lower, order.period.upper
        assert start is not None
        assert end is not None
        times = planned_times(start, end)
        found[order.id] = {"plate": plate, "driver": driver, "times_planned": times}
    return found


def _requests_steps_are_told(
    own: list[Entry],
    moved: list[tuple[Values, Values]],
    taken: list[tuple[str, str]],
    times: list[str | None],
) -> None:
    assert own[0].action == "request.create"
    assert _before(own[0]) == {"state": None}
    told = [(before["state"], after["state"]) for before, after in moved]
    # Whoever submits at once makes the request and takes its first step in one act.
    first = (str(RequestState.DRAFT), told[0][1])
    assert taken == [*([first] if first[0] != first[1] else []), *told[1:]]
    promised = [None, *(after.get("promised_pickup_at") for _, after in moved[1:])]
    assert list(_once(promised)) == list(_once([None, *times]))
    for before, known in zip((before for before, _ in moved[1:]), promised, strict=False):
        assert before.get("promised_pickup_at", known) == known


def _moves_of_requests(
    entries: Iterable[list[Entry]],
) -> dict[UUID, list[tuple[Values, Values]]]:
    """Return what happened to each request: told by its own entries, and by those of its orders."""
    found: dict[UUID, list[tuple[Values, Values]]] = defaultdict(list)
    for entry in sorted((one for own in entries for one in own), key=lambda one: one.no):
        before, after = _before(entry), _after(entry)
        if entry.object_kind == "order":
            served = {one["id"]: one for one in before["requests"]}
            for one in after["requests"]:
                found[UUID(one["id"])].append((served[one["id"]], one))
        elif entry.object_id is not None:
            earlier = found[entry.object_id][-1:]
            # What cancelled the order with its request stands in the order's entry already.
            if not earlier or earlier[0][1]["state"] == before["state"]:
                known = earlier[0][1].get("promised_pickup_at") if earlier else None
                found[entry.object_id].append((before, {"promised_pickup_at": known, **after}))
            else:
                assert entry.action == "request.cancel"
                assert [one["state"] for one in earlier[0]] == [before["state"], after["state"]]
    return found


def _riders(
    asked: Mapping[UUID, Request], entries: Mapping[UUID, list[Entry]], ordered: Iterable[UUID]
) -> dict[UUID, Riders]:
    found = {}
    for id in ordered:
        served = [asked[UUID(one["id"])] for one in _after(entries[id][0])["requests"]]
        found[id] = Riders(
            frozenset(one.passenger_no for one in served),
            frozenset(one.applicant_no for one in served),
        )
    return found


def _before(entry: Entry) -> Values:
    assert entry.before is not None, entry.action
    return entry.before


def _after(entry: Entry) -> Values:
    assert entry.after is not None, entry.action
    return entry.after


def _some(values: Values, names: Iterable[str]) -> Values:
    return {name: values[name] for name in names}


def _once(values: Iterable[object]) -> Iterator[object]:
    return (value for value, _ in groupby(values))
