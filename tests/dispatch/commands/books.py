"""What must hold in the database, whatever people did at the desk."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import states as orders
from dispatch.orders.runs import runs_of_orders
from dispatch.orders.states import OUT, OrderState
from dispatch.requests import states as requests
from dispatch.requests.states import RequestState
from dispatch.tables import Order, OrderStep, Promise, Request, RequestStep, Slip
from dispatch.words import OrderKind
from fleet.outages.words import OutageKind
from fleet.tables import DriverLeave, Outage
from tests.dispatch.books import amendments_add_up, runs_follow_each_other
from tests.dispatch.commands.desk import DEPUTY, Desk
from tests.dispatch.commands.journalled import journal_is_complete
from tests.support.world import World


async def check_books(session: AsyncSession, world: World) -> None:
    """Assert everything that must hold whatever people did."""
    asked = {r.id: r for r in await session.scalars(select(Request))}
    ordered = {o.id: o for o in await session.scalars(select(Order).order_by(Order.id))}
    await _no_step_is_skipped(session, asked, ordered)
    await _every_reason_is_given(session)
    await _nobody_approved_their_own(session, asked, world)
    await _slips_have_no_gap(session, ordered)
    await _nothing_is_promised_twice(session)
    await _nobody_is_out_twice(session, list(ordered.values()))
    await _no_promise_is_worsened(session)
    await amendments_add_up(session, ordered)
    await runs_follow_each_other(session, ordered)
    await journal_is_complete(session, asked, ordered)


async def nobody_is_away(desk: Desk, order: Order, promised: Range[datetime]) -> None:
    """Assert of a pair that was just promised: no leave, and no defect, in that time."""
    async with desk.sessions() as session:
        for table, subject in (
            (DriverLeave, DriverLeave.driver_no == order.driver_no),
            (Outage, (Outage.vehicle_no == order.vehicle_no) & (Outage.kind == OutageKind.DEFECT)),
        ):
            away = select(table.id).where(
                subject, table.withdrawn_at.is_(None), table.period.overlaps(promised)
            )
            assert (await session.scalars(away)).first() is None, (table, order.id)


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
        _is_chain(taken[request_id], RequestState.DRAFT, request.state)
        assert set(taken[request_id]) <= _REQUEST_EDGES
    for order_id, order in ordered.items():
        _is_chain(taken[order_id], RequestState.AWAITING_DISPATCH, order.state)
        assert set(taken[order_id][1:]) <= _ORDER_EDGES
        assert times[order_id] == sorted(times[order_id])
        assert order.revision == len(taken[order_id])


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


async def _every_reason_is_given(session: AsyncSession) -> None:
    for step in await session.scalars(select(OrderStep)):
        assert step.reason or step.action not in orders.NEEDS_REASON, step.action
    asked = select(RequestStep).where(RequestStep.action.in_(requests.NEEDS_REASON))
    for decided in await session.scalars(asked):
        assert decided.reason, decided.action


async def _nobody_approved_their_own(
    session: AsyncSession, asked: dict[UUID, Request], world: World
) -> None:
    """Nor has a deputy approved the ride of who lent them the role."""
    lent = {world.people[DEPUTY].no: world.people["approver_a"].no}
    decided = await session.scalars(
        select(RequestStep).where(
            RequestStep.from_state == RequestState.UNIT_REVIEW,
            RequestStep.action.in_(
                (
                    requests.RequestAction.APPROVE,
                    requests.RequestAction.REJECT,
                    requests.RequestAction.SEND_BACK,
                )
            ),
        )
    )
    for step in decided:
        request = asked[step.request_id]
        riders = {request.applicant_no, request.passenger_no}
        assert riders.isdisjoint({step.actor_no, lent.get(step.actor_no or 0)})


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


async def _nobody_is_out_twice(session: AsyncSession, ordered: Sequence[Order]) -> None:
    """The clock only goes forward: what anybody has driven never overlaps, whatever was planned."""
    out: dict[tuple[str, int | None], list[tuple[datetime, datetime]]] = defaultdict(list)
    for runs in (await runs_of_orders(session, ordered)).values():
        for run in runs:
            span = (run.start, run.end or datetime.max.replace(tzinfo=run.start.tzinfo))
            out["vehicle", run.vehicle_no].append(span)
            out["driver", run.driver_no].append(span)
    for whose, spans in out.items():
        for (_, end), (start, _) in pairwise(sorted(spans)):
            assert end <= start, whose


async def _no_promise_is_worsened(session: AsyncSession) -> None:
    """Only a person's reason makes a told time later, or takes it back."""
    told: dict[UUID, datetime | None] = {}
    for one in await session.scalars(select(Promise).order_by(Promise.no)):
        before = told.get(one.request_id)
        is_worse = one.pickup_at is None or (before is not None and one.pickup_at > before)
        assert not is_worse or (one.reason and not one.automatic)
        told[one.request_id] = one.pickup_at
